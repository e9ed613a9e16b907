package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.BenchMain;
import dev.gatesvr.bench.baseline.BareMain;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.gatesvr.GatesvrMain;
import dev.gatesvr.cmd.gencerts.GencertsMain;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.proto.UpstreamRegisterResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/**
 * Starts the servers, all with the same Java, class path and flags of the JVM.
 *
 * @param folder for certificates and logs
 * @param gatewayFlags more flags for the gateway's JVM, such as a profiler
 */
public record Servers(Path folder, Cores cores, List<String> gatewayFlags) {
  /** Where the one zone of the bench is registered. */
  public static final String ZONE = "001";

  private static final String NO_LIMIT = "1000000";

  /**
   * A JVM that sees one core would choose another collector than one that sees the machine. The
   * JIT's threads stay, so that what they used can be told apart.
   */
  private static final List<String> JVM =
      List.of("-XX:+UseG1GC", "-Xmx2g", "-XX:-UseDynamicNumberOfCompilerThreads");

  /** Makes the certificate that all of them use. */
  void makeCertificate() throws IOException {
    CommandLine gencerts = Cli.commandLine(new GencertsMain());
    gencerts.setOut(new PrintWriter(Writer.nullWriter()));
    if (gencerts.execute("--out", folder.toString()) != Cli.OK) {
      throw new IOException("no certificate could be made in " + folder);
    }
  }

  /** Who signed the certificate, PEM. */
  public Path authority() {
    return folder.resolve("ca.crt");
  }

  /** A bare QUIC echo. */
  ServerProcess echo(String name) throws IOException {
    return bare(name, "ECHO", "--cert", certificate(), "--key", key());
  }

  /** Bare QUIC to a unary call. */
  ServerProcess relay(String name, int zonePort) throws IOException {
    return bare(
        name,
        "RELAY",
        "--cert",
        certificate(),
        "--key",
        key(),
        "--upstream-port",
        Integer.toString(zonePort));
  }

  /** Bare QUIC that sends as many frames as it is asked for. */
  ServerProcess repeater(String name) throws IOException {
    return bare(name, "REPEAT", "--cert", certificate(), "--key", key());
  }

  private ServerProcess bare(String name, String... arguments) throws IOException {
    List<String> command = java(BenchMain.class, List.of());
    command.add("bare");
    command.addAll(List.of(arguments));
    return ServerProcess.start(cores.server(command), Map.of(), folder, name);
  }

  /** The gRPC server behind the relay and the gateway. */
  ServerProcess zone() throws IOException {
    List<String> command = java(BenchMain.class, List.of());
    command.addAll(List.of("bare", "ZONE"));
    return ServerProcess.start(cores.load(command), Map.of(), folder, "zone");
  }

  /**
   * A gateway on free ports with one loop, as the bare servers have, and limits out of the way,
   * unless the settings say otherwise.
   *
   * @param settings more of its environment
   */
  public ServerProcess gateway(String name, Map<String, String> settings) throws IOException {
    return gateway(name, settings, true);
  }

  /**
   * The same, and where it runs.
   *
   * @param measured false for one that shares the core of the load
   */
  public ServerProcess gateway(String name, Map<String, String> settings, boolean measured)
      throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String address : List.of("QUIC", "HTTP", "GRPC", "METRICS")) {
      environment.put("GATESVR_" + address + "_ADDR", "127.0.0.1:0");
    }
    environment.put("GATESVR_CERT_FILE", certificate());
    environment.put("GATESVR_KEY_FILE", key());
    environment.put("GATESVR_IO_THREADS", "1");
    environment.put("GATESVR_OVERLOAD_PROTECTION_MAX_CONNECTIONS", NO_LIMIT);
    environment.put("GATESVR_OVERLOAD_PROTECTION_CONNECTION_WARNING_THRESHOLD", NO_LIMIT);
    environment.put("GATESVR_OVERLOAD_PROTECTION_MAX_QPS", NO_LIMIT);
    environment.put("GATESVR_OVERLOAD_PROTECTION_QPS_WARNING_THRESHOLD", NO_LIMIT);
    environment.put("GATESVR_OVERLOAD_PROTECTION_MAX_UPSTREAM_CONCURRENT", NO_LIMIT);
    environment.put("GATESVR_OVERLOAD_PROTECTION_UPSTREAM_WARNING_THRESHOLD", NO_LIMIT);
    environment.putAll(settings);
    List<String> command = java(GatesvrMain.class, gatewayFlags);
    List<String> placed = measured ? cores.server(command) : cores.load(command);
    return ServerProcess.start(placed, environment, folder, name);
  }

  /** Another program on the core of the load. */
  public ServerProcess program(String name, Class<?> main, List<String> arguments)
      throws IOException {
    List<String> command = java(main, List.of());
    command.addAll(arguments);
    return ServerProcess.start(cores.load(command), Map.of(), folder, name);
  }

  static InetSocketAddress bareAddress(ServerProcess bare)
      throws IOException, InterruptedException {
    return bare.addressAfter(BareMain.READY);
  }

  static InetSocketAddress playersOf(ServerProcess gateway)
      throws IOException, InterruptedException {
    return gateway.addressAfter("QUIC on UDP ");
  }

  /** Where upstreams register and push; plain text. */
  static InetSocketAddress upstreamsOf(ServerProcess gateway)
      throws IOException, InterruptedException {
    return gateway.addressAfter("gRPC on ");
  }

  /** Registers the zone with a gateway. */
  static void register(ServerProcess gateway, int zonePort)
      throws IOException, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(upstreamsOf(gateway)).usePlaintext().build();
    try {
      UpstreamRegisterResponse answer =
          GatewayServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(10, TimeUnit.SECONDS)
              .registerUpstream(
                  UpstreamRegisterRequest.newBuilder()
                      .setAddress("127.0.0.1:" + zonePort)
                      .setZoneId(ZONE)
                      .setServiceName("bench")
                      .build());
      if (!answer.getSuccess()) {
        throw new IOException("the zone was not registered: " + answer.getMessage());
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private List<String> java(Class<?> main, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> flag.startsWith("-XX:") || flag.startsWith("--"))
        .forEach(command::add);
    command.addAll(JVM);
    command.addAll(more);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private String certificate() {
    return folder.resolve("server.crt").toString();
  }

  private String key() {
    return folder.resolve("server.key").toString();
  }
}
