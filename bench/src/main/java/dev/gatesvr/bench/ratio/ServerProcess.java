package dev.gatesvr.bench.ratio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own. It is ended by its handle: by {@link #close}, and by a hook
 * when this process is told to end.
 */
public final class ServerProcess implements AutoCloseable {
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long POLL_MILLIS = 20;
  private static final long STOP_SECONDS = 10;

  private final Process process;
  private final Path log;
  private final Thread endsWithUs;

  private ServerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.endsWithUs = new Thread(process::destroyForcibly, "bench-end-" + process.pid());
    Runtime.getRuntime().addShutdownHook(endsWithUs);
  }

  /**
   * Starts a process.
   *
   * @param folder where it runs and what it prints is kept
   * @param name of that file
   */
  static ServerProcess start(
      List<String> command, Map<String, String> environment, Path folder, String name)
      throws IOException {
    Path log = folder.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // The caller's own settings of a gateway are not what is measured.
    builder.environment().keySet().removeIf(key -> key.startsWith("GATESVR_"));
    builder.environment().putAll(environment);
    return new ServerProcess(builder.start(), log);
  }

  /**
   * Waits until it has printed an address.
   *
   * @param line the text before {@code host:port}
   * @return that port on the loopback address
   */
  public InetSocketAddress addressAfter(String line) throws IOException, InterruptedException {
    Pattern address = Pattern.compile(Pattern.quote(line) + "\\S*:(\\d+)");
    long startNanos = System.nanoTime();
    while (true) {
      Matcher found = address.matcher(Files.readString(log));
      if (found.find()) {
        int port = Integer.parseInt(found.group(1));
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      }
      if (!process.isAlive() || System.nanoTime() - startNanos > START_NANOS) {
        throw new IOException("a server did not start: " + Files.readString(log).strip());
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** What the kernel says about it. */
  public ProcessAccount account() {
    return new ProcessAccount(process.pid());
  }

  public long pid() {
    return process.pid();
  }

  /** False when it ended, however it did. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Ends it at once, without a word, and waits until it is gone; also one that is stopped. */
  public void kill() {
    process.destroyForcibly();
    close();
  }

  /** What it printed so far. */
  public String printed() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(endsWithUs);
  }
}
