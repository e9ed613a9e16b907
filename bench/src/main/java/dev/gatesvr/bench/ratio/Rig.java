package dev.gatesvr.bench.ratio;

import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a part of the bench gets its servers from and puts its results. Owns what it opened, and a
 * temporary folder that also goes when this process is told to end. Not thread-safe.
 */
public final class Rig implements AutoCloseable {
  private static final int DELETE_TRIES = 20;
  private static final long DELETE_PAUSE_MILLIS = 50;

  private final Path folder;
  private final Servers servers;
  private final Effort effort;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Map<String, Object> results = new LinkedHashMap<>();
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final Thread cleansUp;

  private Rig(Servers servers, Effort effort, PrintWriter out, PrintWriter err) {
    this.folder = servers.folder();
    this.servers = servers;
    this.effort = effort;
    this.out = out;
    this.err = err;
    this.cleansUp = new Thread(() -> delete(folder), "bench-delete");
    Runtime.getRuntime().addShutdownHook(cleansUp);
  }

  /**
   * Makes the folder and the certificate, and pins this process where that can be done.
   *
   * @param gatewayFlags more flags for the gateway's JVM, such as a profiler
   */
  static Rig open(Effort effort, List<String> gatewayFlags, PrintWriter out, PrintWriter err)
      throws IOException, InterruptedException {
    // A trial run may live in somebody else's process, which is not ours to pin.
    Cores cores = effort == Effort.SMOKE ? new Cores(false) : Cores.split();
    return open(effort, cores, gatewayFlags, out, err);
  }

  /** The same on given cores. */
  public static Rig open(
      Effort effort, Cores cores, List<String> gatewayFlags, PrintWriter out, PrintWriter err)
      throws IOException {
    Path folder = Files.createTempDirectory("gatesvr-bench");
    Rig rig = new Rig(new Servers(folder, cores, gatewayFlags), effort, out, err);
    try {
      rig.servers.makeCertificate();
      return rig;
    } catch (IOException | RuntimeException e) {
      rig.close();
      throw e;
    }
  }

  public Servers servers() {
    return servers;
  }

  Effort effort() {
    return effort;
  }

  /** Believes the certificate of the servers. */
  public ServerTrust trust() throws IOException {
    return ServerTrust.ofPem(servers.authority());
  }

  /** Closes it with the others, the newest first. */
  public <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  /** Closes everything that was opened: players leave before their servers end. */
  void closeAll() {
    while (!open.isEmpty()) {
      AutoCloseable part = open.pop();
      try {
        part.close();
      } catch (Exception e) {
        err.println("bench: closing failed: " + e.getMessage());
      }
    }
  }

  /** Prints at once. */
  public void say(String lines) {
    out.println(lines);
    out.flush();
  }

  /** Enters something into the result file. */
  public void result(String name, Object value) {
    results.put(name, value);
  }

  public Map<String, Object> results() {
    return results;
  }

  @Override
  public void close() {
    closeAll();
    delete(folder);
    Runtime.getRuntime().removeShutdownHook(cleansUp);
  }

  /** Servers that are being killed may still write: tries again until nothing is left. */
  private static void delete(Path folder) {
    for (int i = 0; i < DELETE_TRIES && Files.exists(folder); i++) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      } catch (IOException | UncheckedIOException e) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(DELETE_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
