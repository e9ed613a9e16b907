package dev.gatesvr.bench.ratio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel says about a process ({@code proc(5)}).
 *
 * @param pid of a process that is alive
 */
public record ProcessAccount(long pid) {
  /** USER_HZ of every Linux that the JVM runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Fields of {@code stat} after the name in parentheses; utime is field 14 of the whole line. */
  private static final int UTIME = 11;

  private static final Pattern COMPILER = Pattern.compile("\\(C[12] Compiler");

  /** Rank, instances, bytes, class, and for some a module. */
  private static final Pattern HISTOGRAM_ROW =
      Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+).*$", Pattern.MULTILINE);

  private static final long JCMD_SECONDS = 30;

  /** One tick of the accounting in this time is quiet, and it must be so a few times in a row. */
  private static final long QUIET_MILLIS = 100;

  private static final double QUIET_SECONDS = 0.011;
  private static final int QUIET_IN_A_ROW = 3;
  private static final int QUIET_TRIES = 50;

  /**
   * CPU seconds in user and kernel mode.
   *
   * @param total of all threads, those that ended too
   * @param compiling of the JIT's threads, as long as the JVM keeps them
   */
  public record Cpu(double total, double compiling) {
    /** What is left when a server has run for hours. */
    public double working() {
      return total - compiling;
    }

    /** What was used in between. */
    public Cpu since(Cpu earlier) {
      return new Cpu(total - earlier.total, compiling - earlier.compiling);
    }
  }

  /** All that it has used so far. */
  public Cpu cpu() throws IOException {
    double compiling = 0;
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        if (COMPILER.matcher(stat).find()) {
          compiling += seconds(stat);
        }
      }
    }
    return new Cpu(seconds(Files.readString(proc("stat"))), compiling);
  }

  private Path proc(String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  private static double seconds(String stat) {
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
    long ticks = Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(UTIME + 1));
    return ticks / TICKS_PER_SECOND;
  }

  /** Memory in RAM. */
  long rssBytes() throws IOException {
    return status("VmRSS") * 1_024;
  }

  /** Live threads. */
  long threads() throws IOException {
    return status("Threads");
  }

  private long status(String name) throws IOException {
    for (String line : Files.readAllLines(proc("status"))) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/" + pid + "/status has no " + name);
  }

  /** Bytes of live objects by class, after a full collection. Needs the JDK's jcmd. */
  public Map<String, Long> heapByClass() throws IOException, InterruptedException {
    // The first one clears references whose owners the second one can collect.
    jcmd("GC.run");
    Map<String, Long> bytes = new TreeMap<>();
    Matcher row = HISTOGRAM_ROW.matcher(jcmd("GC.class_histogram"));
    while (row.find()) {
      bytes.merge(row.group(2), Long.parseLong(row.group(1)), Long::sum);
    }
    if (bytes.isEmpty()) {
      throw new IOException("GC.class_histogram of " + pid + " names no class");
    }
    return bytes;
  }

  /** Waits until it does next to nothing, for a bounded time. */
  public void awaitQuiet() throws IOException, InterruptedException {
    int quiet = 0;
    for (int i = 0; i < QUIET_TRIES && quiet < QUIET_IN_A_ROW; i++) {
      double before = cpu().total();
      Thread.sleep(QUIET_MILLIS);
      quiet = cpu().total() - before <= QUIET_SECONDS ? quiet + 1 : 0;
    }
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process process =
        new ProcessBuilder(program.toString(), Long.toString(pid), command)
            .redirectErrorStream(true)
            .start();
    try {
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(JCMD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("jcmd " + pid + " " + command + " failed: " + out);
      }
      return out;
    } finally {
      process.destroyForcibly();
    }
  }
}
