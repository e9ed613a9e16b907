package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.cmd.demo.DemoException;
import dev.gatesvr.cmd.demo.DemoProcess;
import dev.gatesvr.upstream.route.ZoneId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The processes: six upstreams that are witnesses, and two gateways. Whatever happens, {@link
 * #close} leaves no process and no temporary file; so does the end of this process.
 */
final class PairFleet implements AutoCloseable {
  /** Programs that live for seconds start faster without the optimizing compiler. */
  private static final String ZONE_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m";

  private static final String GATEWAY_JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx384m";
  private static final Pattern ZONE_ADDRESS = Pattern.compile("listening on (\\S+)");
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final Path programs;
  private final Path logs;
  private final Path files;
  private final List<DemoProcess> processes = new CopyOnWriteArrayList<>();
  private final Thread hook = new Thread(this::killAll, "demo-ha-stop");

  private PairFleet(Path programs, Path logs, Path files) {
    this.programs = programs;
    this.logs = logs;
    this.files = files;
  }

  /**
   * An empty fleet.
   *
   * @param programs the folder of the launchers; logs go to {@code demo-ha-logs} in it
   */
  static PairFleet in(Path programs) throws IOException {
    for (String program : List.of("gencerts", "gatesvr", "demo-ha")) {
      if (!Files.isExecutable(programs.resolve(program))) {
        throw new DemoException(programs.resolve(program) + " is missing (expected: make build)");
      }
    }
    Path logs = programs.resolve("demo-ha-logs");
    Files.createDirectories(logs);
    PairFleet fleet = new PairFleet(programs, logs, Files.createTempDirectory("gatesvr-demo-ha-"));
    Runtime.getRuntime().addShutdownHook(fleet.hook);
    return fleet;
  }

  Path logs() {
    return logs;
  }

  /** Where gencerts writes. */
  Path certificates() {
    return files.resolve("certs");
  }

  DemoProcess start(String name, String jvm, String program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(programs.resolve(program).toAbsolutePath().toString());
    command.addAll(arguments);
    DemoProcess process = DemoProcess.start(name, logs, jvm, command);
    processes.add(process);
    return process;
  }

  /** Starts gencerts; {@link #awaitCertificates} waits for it. */
  DemoProcess startCertificates() {
    return start("gencerts", ZONE_JVM, "gencerts", List.of("--out", certificates().toString()));
  }

  void awaitCertificates(DemoProcess gencerts, long deadlineNanos) throws InterruptedException {
    int exitCode = gencerts.awaitExit(deadlineNanos);
    processes.remove(gencerts);
    if (exitCode != 0) {
      throw new DemoException("gencerts ended with exit code " + exitCode + "; see " + logs);
    }
  }

  /**
   * Starts one upstream for each zone, each a witness.
   *
   * @param gateways their gRPC addresses
   * @return where they listen
   */
  List<String> startZones(List<String> gateways, Duration every, long deadlineNanos)
      throws IOException, InterruptedException {
    List<DemoProcess> zones = new ArrayList<>();
    for (ZoneId zone : ZoneId.values()) {
      Path votes = Files.createDirectories(files.resolve("votes-" + zone));
      List<String> arguments = new ArrayList<>(List.of("zone", "--zone=" + zone));
      gateways.forEach(gateway -> arguments.add("--gateway=" + gateway));
      arguments.add("--witness=" + votes);
      arguments.add("--every=" + every.toMillis() + "ms");
      zones.add(start("ha-zone-" + zone, ZONE_JVM, "demo-ha", arguments));
    }
    List<String> addresses = new ArrayList<>();
    for (DemoProcess zone : zones) {
      addresses.add(zone.awaitLine(ZONE_ADDRESS, deadlineNanos).group(1));
    }
    return addresses;
  }

  /** A gateway that is not started yet, with its configuration written. */
  PairNode node(NodeConfig config) throws IOException {
    Path file = files.resolve("ha-" + config.node() + ".yaml");
    Files.writeString(file, config.yaml());
    return new PairNode(this, config, file);
  }

  DemoProcess startGateway(String name, Path config) {
    Path rolling = logs.resolve(name + "-rolling.log").toAbsolutePath();
    return start(
        name,
        GATEWAY_JVM + " -Dgatesvr.log.file=" + rolling,
        "gatesvr",
        List.of("-config=" + config));
  }

  /** Kills one with SIGKILL and waits until the operating system has taken everything from it. */
  void kill(DemoProcess process) throws InterruptedException {
    process.kill();
    process.end(System.nanoTime() + STOP_TIMEOUT.toNanos());
    processes.remove(process);
  }

  /**
   * Stops everything with SIGTERM, and kills what does not end.
   *
   * @return what ended with another exit code than 0, in words
   */
  List<String> stop() throws InterruptedException {
    List<String> wrong = new ArrayList<>();
    long deadlineNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
    processes.forEach(DemoProcess::terminate);
    for (DemoProcess process : processes) {
      int exitCode = process.end(deadlineNanos);
      if (exitCode != 0) {
        wrong.add(process.name() + " ended with exit code " + exitCode);
      }
    }
    processes.clear();
    return wrong;
  }

  private void killAll() {
    processes.forEach(DemoProcess::kill);
    processes.clear();
    try (Stream<Path> all = Files.walk(files)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("demo-ha: " + files + " could not be deleted: " + e.getMessage());
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
