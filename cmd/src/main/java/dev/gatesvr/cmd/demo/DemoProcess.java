package dev.gatesvr.cmd.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One process of the demo, its output in a file. Thread-safe. */
public final class DemoProcess {
  private static final Duration POLL = Duration.ofMillis(20);

  private final String name;
  private final Path log;
  private final Process process;

  private DemoProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a program.
   *
   * @param logs where {@code name.log} goes
   * @param javaOptions flags for its JVM
   */
  public static DemoProcess start(
      String name, Path logs, String javaOptions, List<String> command) {
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.environment().put("GATESVR_JAVA_OPTS", javaOptions);
    try {
      return new DemoProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new DemoException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** What it was started as. */
  public String name() {
    return name;
  }

  /**
   * Waits until its output has a match.
   *
   * @param deadlineNanos on the clock of {@link System#nanoTime}
   * @throws DemoException when it ends before, or the deadline passes
   */
  public Matcher awaitLine(Pattern pattern, long deadlineNanos) throws InterruptedException {
    while (true) {
      boolean alive = process.isAlive();
      Matcher matcher = pattern.matcher(output());
      if (matcher.find()) {
        return matcher;
      }
      if (!alive) {
        throw new DemoException(
            name + " ended with exit code " + process.exitValue() + ": " + lastLine());
      }
      if (System.nanoTime() > deadlineNanos) {
        throw new DemoException(name + " was not ready in time; see " + log);
      }
      Thread.sleep(POLL);
    }
  }

  /** Waits for its end. */
  public int awaitExit(long deadlineNanos) throws InterruptedException {
    if (!process.waitFor(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
      throw new DemoException(name + " did not end in time; see " + log);
    }
    return process.exitValue();
  }

  /** Asks it to stop, with SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /**
   * Waits for the end that {@link #terminate} asked for, and kills it after the deadline.
   *
   * @return its exit code
   */
  public int end(long deadlineNanos) throws InterruptedException {
    long left = Math.max(0, deadlineNanos - System.nanoTime());
    if (!process.waitFor(left, TimeUnit.NANOSECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  /** Kills it with SIGKILL if it still runs. */
  public void kill() {
    process.destroyForcibly();
  }

  private String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new DemoException(log + ": " + e.getMessage(), e);
    }
  }

  private String lastLine() {
    List<String> lines = output().lines().filter(line -> !line.isBlank()).toList();
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }
}
