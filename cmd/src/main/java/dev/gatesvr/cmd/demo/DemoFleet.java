package dev.gatesvr.cmd.demo;

import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A certificate, a gateway and an upstream for each zone, on free ports. Whatever happens, {@link
 * #close} leaves no process and no temporary file; so does the end of this process.
 */
final class DemoFleet implements AutoCloseable {
  /** Programs that live for seconds start faster without the optimizing compiler. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx192m";

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(12);
  private static final Duration HOOK_TIMEOUT = Duration.ofSeconds(3);

  private static final Pattern BANNER =
      Pattern.compile(
          "QUIC on UDP (?<quic>\\S+)\\s+.*gRPC on (?<grpc>\\S+)\\s+.*http://(?<http>[^/]+)/stats"
              + ".*http://(?<metrics>[^/]+)/metrics",
          Pattern.DOTALL);

  private final Path programs;
  private final Path logs;
  private final Path certificates;
  private final List<DemoProcess> processes = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::killAll, "demo-stop");

  /**
   * Where a gateway can be reached, each as {@code host:port}.
   *
   * @param quic for players
   * @param grpc for upstreams
   * @param http for operators
   * @param metrics for Prometheus
   */
  record Ports(String quic, String grpc, String http, String metrics) {}

  private DemoFleet(Path programs, Path logs, Path certificates) {
    this.programs = programs;
    this.logs = logs;
    this.certificates = certificates;
  }

  /**
   * An empty fleet.
   *
   * @param programs the folder of the launchers; logs go to {@code demo-logs} in it
   */
  static DemoFleet in(Path programs) throws IOException {
    for (String program : List.of("gencerts", "gatesvr", "upstream")) {
      if (!Files.isExecutable(programs.resolve(program))) {
        throw new DemoException(programs.resolve(program) + " is missing (expected: make build)");
      }
    }
    Path logs = programs.resolve("demo-logs");
    Files.createDirectories(logs);
    DemoFleet fleet = new DemoFleet(programs, logs, Files.createTempDirectory("gatesvr-demo-"));
    Runtime.getRuntime().addShutdownHook(fleet.hook);
    return fleet;
  }

  Path logs() {
    return logs;
  }

  /** The authority that the gateway's certificate comes from. */
  Path ca() {
    return certificates.resolve("ca.crt");
  }

  private DemoProcess start(String name, String javaOptions, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve(program).toAbsolutePath().toString());
    command.addAll(List.of(arguments));
    DemoProcess process = DemoProcess.start(name, logs, javaOptions, command);
    processes.add(process);
    return process;
  }

  void makeCertificate(long deadlineNanos) throws InterruptedException {
    DemoProcess gencerts = start("gencerts", QUICK, "gencerts", "--out", certificates.toString());
    int exitCode = gencerts.awaitExit(deadlineNanos);
    processes.remove(gencerts);
    if (exitCode != 0) {
      throw new DemoException(
          "gencerts ended with exit code " + exitCode + "; see " + logs.resolve("gencerts.log"));
    }
  }

  Ports startGateway(long deadlineNanos) throws InterruptedException {
    String anyPort = "127.0.0.1:0";
    DemoProcess gateway =
        start(
            "gateway",
            "-Xmx512m -Dgatesvr.log.file=" + logs.resolve("gatesvr-rolling.log").toAbsolutePath(),
            "gatesvr",
            "-quic=" + anyPort,
            "-http=" + anyPort,
            "-grpc=" + anyPort,
            "-metrics=" + anyPort,
            "-cert=" + certificates.resolve("server.crt"),
            "-key=" + certificates.resolve("server.key"));
    Matcher banner = gateway.awaitLine(BANNER, deadlineNanos);
    return new Ports(
        banner.group("quic"), banner.group("grpc"), banner.group("http"), banner.group("metrics"));
  }

  /** Starts one upstream per zone and waits until each has registered. */
  void startUpstreams(String gateway, long deadlineNanos) throws InterruptedException {
    List<DemoProcess> upstreams = new ArrayList<>();
    for (ZoneId zone : ZoneId.values()) {
      upstreams.add(
          start(
              "upstream-" + zone,
              QUICK,
              "upstream",
              "--zone=" + zone,
              "--addr=127.0.0.1:0",
              "--gateway=" + gateway));
    }
    for (DemoProcess upstream : upstreams) {
      upstream.awaitLine(Pattern.compile(" registered with "), deadlineNanos);
    }
  }

  /**
   * Stops everything with SIGTERM, upstreams first, and kills what does not end.
   *
   * @return exit codes by name, in the order of the end
   */
  Map<String, Integer> stop() throws InterruptedException {
    Map<String, Integer> exitCodes = new LinkedHashMap<>();
    List<DemoProcess> gateway = processes.stream().filter(DemoFleet::isGateway).toList();
    List<DemoProcess> others = processes.stream().filter(p -> !isGateway(p)).toList();
    for (List<DemoProcess> group : List.of(others, gateway)) {
      long deadlineNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
      group.forEach(DemoProcess::terminate);
      for (DemoProcess process : group) {
        exitCodes.put(process.name(), process.end(deadlineNanos));
        processes.remove(process);
      }
    }
    return exitCodes;
  }

  private static boolean isGateway(DemoProcess process) {
    return process.name().equals("gateway");
  }

  /** For Ctrl-C and for failures: politely first, since a gateway tells its players. */
  private void killAll() {
    processes.forEach(DemoProcess::terminate);
    long deadlineNanos = System.nanoTime() + HOOK_TIMEOUT.toNanos();
    try {
      for (DemoProcess process : processes) {
        process.end(deadlineNanos);
      }
    } catch (InterruptedException e) {
      processes.forEach(DemoProcess::kill);
      Thread.currentThread().interrupt();
    }
    processes.clear();
    deleteCertificates();
  }

  private void deleteCertificates() {
    try (Stream<Path> files = Files.walk(certificates)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("demo: " + certificates + " could not be deleted: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook does it.
      return;
    }
    killAll();
  }
}
