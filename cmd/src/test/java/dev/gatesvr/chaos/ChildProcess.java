package dev.gatesvr.chaos;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JVM with the classes of this one. It ends with {@link #kill}, with this process (a hook), and
 * by itself when its stdin ends ({@link Orphan}): nothing is left behind. Thread-safe.
 */
final class ChildProcess {
  private static final Duration SIGNAL_TIMEOUT = Duration.ofSeconds(5);
  private static final int LINES_MAX = 20_000;

  private final String name;
  private final Process process;
  private final BufferedWriter commands;
  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  private final Thread hook;
  private volatile boolean paused;

  private ChildProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.commands =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.hook = new Thread(process::destroyForcibly, "chaos-end-" + process.pid());
    Runtime.getRuntime().addShutdownHook(hook);
    Thread.ofPlatform().daemon().name("chaos-out-" + name).start(() -> read(log));
  }

  /**
   * Starts one.
   *
   * @param name also of its log, {@code name.log} in {@code folder}; a restart appends
   * @param main class of this class path
   */
  static ChildProcess start(
      String name, Path folder, Class<?> main, List<String> jvmFlags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.net.preferIPv4Stack=true",
            "--enable-native-access=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 24) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(jvmFlags);
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("GATESVR_"));
    // Longer than a command line should be.
    builder.environment().put("CLASSPATH", classPath());
    try {
      return new ChildProcess(name, builder.start(), folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    String ofTests = System.getProperty("surefire.test.class.path", "");
    return ofTests.isEmpty() ? System.getProperty("java.class.path") : ofTests;
  }

  private void read(Path log) {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        Writer out =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      String line = in.readLine();
      while (line != null) {
        out.write(line + "\n");
        out.flush();
        if (lines.size() < LINES_MAX) {
          lines.add(line);
        }
        line = in.readLine();
      }
    } catch (IOException e) {
      lines.add("(output lost: " + e.getMessage() + ")");
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  boolean paused() {
    return paused;
  }

  // ---------------------------------------------------------------- talking

  /** Sends a line to its stdin; a process that is gone does not get it. */
  void say(String line) {
    synchronized (commands) {
      try {
        commands.write(line + "\n");
        commands.flush();
      } catch (IOException e) {
        lines.add("(not told: " + line + ")");
      }
    }
  }

  /**
   * Waits for a line of its output.
   *
   * @throws ChaosException when it ends before, or does not say it in time
   */
  Matcher await(String regex, Duration atMost) {
    Pattern pattern = Pattern.compile(regex);
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      boolean last = !process.isAlive();
      Matcher found = find(pattern);
      if (found != null) {
        return found;
      }
      if (last || System.nanoTime() - deadline > 0) {
        throw new ChaosException(
            name
                + (last ? " ended" : " did not say in time")
                + ": "
                + regex
                + "; it said "
                + tail());
      }
      Patience.pause(5);
    }
  }

  private @Nullable Matcher find(Pattern pattern) {
    synchronized (lines) {
      for (String line : lines) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
          return matcher;
        }
      }
    }
    return null;
  }

  private String tail() {
    synchronized (lines) {
      return lines.isEmpty() ? "nothing" : lines.getLast();
    }
  }

  // ---------------------------------------------------------------- signals

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(SIGNAL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new ChaosException(name + " survives SIGKILL");
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // This process ends, and the hook runs.
    }
    paused = false;
  }

  /** SIGSTOP. */
  void pause() {
    signal("STOP");
    paused = true;
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
    paused = false;
  }

  private void signal(String which) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + which, Long.toString(process.pid())).inheritIO().start();
      if (!kill.waitFor(SIGNAL_TIMEOUT.toSeconds(), TimeUnit.SECONDS) || kill.exitValue() != 0) {
        throw new ChaosException("kill -" + which + " of " + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
