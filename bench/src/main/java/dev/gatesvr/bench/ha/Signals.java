package dev.gatesvr.bench.ha;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Sends signals through a shell that is already there, so that starting a program is no part of
 * what is timed. The shell ends with its input. Used by one thread.
 */
final class Signals implements AutoCloseable {
  private static final String LOOP = "while read -r name pid; do kill -s $name $pid; echo $?; done";

  private final Process shell;
  private final BufferedWriter in;
  private final BufferedReader out;

  Signals() throws IOException {
    shell =
        new ProcessBuilder("sh", "-c", LOOP).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    in =
        new BufferedWriter(
            new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.US_ASCII));
    out =
        new BufferedReader(
            new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
  }

  /**
   * Sends one.
   *
   * @param name KILL, STOP or CONT
   * @return {@link System#nanoTime} just before
   */
  long send(String name, long pid) throws IOException {
    long nanos = System.nanoTime();
    in.write(name + " " + pid + "\n");
    in.flush();
    String status = out.readLine();
    if (!"0".equals(status)) {
      throw new IOException("SIG" + name + " to " + pid + ": kill says " + status);
    }
    return nanos;
  }

  @Override
  public void close() throws IOException {
    in.close();
    try {
      if (!shell.waitFor(1, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
