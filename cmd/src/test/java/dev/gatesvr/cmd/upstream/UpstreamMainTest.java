package dev.gatesvr.cmd.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import dev.gatesvr.upstream.service.UpstreamService;
import dev.gatesvr.upstream.service.WitnessServer;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UpstreamMainTest {
  @Test
  void readsFlagsInBothForms() {
    UpstreamMain dashed = parsed(Map.of(), "-zone=004", "-addr", ":7", "-gateway=a:1");
    assertThat(dashed.zoneName()).isEqualTo("004");
    assertThat(dashed.listenAddress()).isEqualTo(":7");
    UpstreamMain doubled = parsed(Map.of(), "--zone", "004", "--gateway=a:1", "--gateway", "b:2");
    assertThat(doubled.gatewayAddresses()).containsExactly("a:1", "b:2");
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheDefaults() {
    Map<String, String> environment =
        Map.of("UPSTREAM_ZONE", "005", "UPSTREAM_ADDR", ":1", "GATEWAY_ADDR", "a:1, b:2");
    UpstreamMain fromEnvironment = parsed(environment);
    assertThat(fromEnvironment.zoneName()).isEqualTo("005");
    assertThat(fromEnvironment.listenAddress()).isEqualTo(":1");
    assertThat(fromEnvironment.gatewayAddresses()).containsExactly("a:1", "b:2");
    UpstreamMain fromFlags = parsed(environment, "--zone=002", "--addr=:2", "--gateway=c:3");
    assertThat(fromFlags.zoneName()).isEqualTo("002");
    assertThat(fromFlags.listenAddress()).isEqualTo(":2");
    assertThat(fromFlags.gatewayAddresses()).containsExactly("c:3");
    UpstreamMain defaults = parsed(Map.of(), "-zone=003");
    assertThat(defaults.listenAddress()).isEqualTo(":9003");
    assertThat(defaults.gatewayAddresses()).containsExactly("127.0.0.1:8092");
  }

  @Test
  void aMistakeIsOneLineAndExitCodeTwo() throws Exception {
    assertThat(run("--zone=9"))
        .startsWith("2 upstream: zone: \"9\"")
        .contains("\"001\" to \"006\"");
    assertThat(run("--addr=nowhere")).startsWith("2 ").contains("nowhere");
    assertThat(run("--gateway=nowhere")).startsWith("2 ").contains("nowhere");
    assertThat(run("--colour=red")).startsWith("2 ").contains("colour");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(run("--addr=127.0.0.1:" + taken.getLocalPort()))
          .startsWith("2 upstream: addr: 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @Test
  void helpAndVersionExitWithZero() {
    assertThat(run("-help")).startsWith("0 ").contains("--gateway").contains("GATEWAY_ADDR");
    assertThat(run("-version")).startsWith("0 ").contains(Cli.version());
  }

  @Test
  void answersItsActionsAndItsHealthCheck() throws Exception {
    UpstreamMain main = parsed(Map.of(), "--zone=003", "--addr=127.0.0.1:0", "--gateway=:1");
    int port;
    try (UpstreamService service = main.settings().start()) {
      port = service.port();
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
      try {
        assertThat(ask(channel, "hello", Map.of()).getMessage()).contains("player-1", "003");
        assertThat(ask(channel, "time", Map.of()).getCode()).isEqualTo(200);
        assertThat(data(ask(channel, "user_list", Map.of()))).isEqualTo("player-1");
        assertThat(data(ask(channel, "status", Map.of()))).contains("zone=003", "players=1");
        Map<String, String> sum = Map.of("operation", "add", "a", "2", "b", "40");
        assertThat(data(ask(channel, "calculate", sum))).isEqualTo("42");
        Map<String, String> byZero = Map.of("operation", "divide", "a", "2", "b", "0");
        assertThat(ask(channel, "calculate", byZero).getCode()).isEqualTo(400);
        assertThat(ask(channel, "broadcast", Map.of()).getCode()).isEqualTo(500);
        assertThat(ask(channel, "before", Map.of()).getMessage()).contains("UNREACHABLE");
        assertThat(ask(channel, "logout", Map.of()).getCode()).isEqualTo(200);
        assertThat(ask(channel, "nonsense", Map.of()).getCode()).isEqualTo(404);
      } finally {
        channel.shutdownNow();
      }
      assertThat(run("-health-check", "--addr=:" + port)).startsWith("0 ").contains("healthy");
    }
    assertThat(run("-health-check", "--addr=:" + port)).startsWith("1 ");
  }

  @Test
  void isAWitnessBesideItsZoneOrAlone(@TempDir Path home) throws Exception {
    Path directory = home.resolve("votes");
    String votes = "--witness=" + directory;
    assertThat(run("--addr=127.0.0.1:0", "--gateway=:1", votes))
        .startsWith("1 upstream: witness directory " + directory);
    UpstreamMain first =
        parsed(Map.of(), "--addr=127.0.0.1:0", "--gateway=:1", votes, "--witness-init");
    first.settings().start().close();
    assertThat(directory.resolve("witness.state")).exists();
    assertThat(run("--witness-only", "--addr=127.0.0.1:0", votes, "--witness-init"))
        .startsWith("1 upstream: witness directory " + directory)
        .contains("not a first start");
    UpstreamMain alone =
        parsed(
            Map.of("UPSTREAM_WITNESS", directory.toString()),
            "--witness-only",
            "--addr=127.0.0.1:0");
    try (WitnessServer server = alone.startWitness()) {
      assertThat(server.port()).isPositive();
    }
    assertThat(parsed(Map.of(), "--witness-only").listenAddress()).isEqualTo(":9100");
    assertThat(run("--witness-only")).startsWith("2 upstream: witness-only: needs --witness");
    assertThat(run("--witness-init")).startsWith("2 upstream: witness-init: needs --witness");
  }

  private static String data(UpstreamResponse response) {
    return response.getData().toStringUtf8();
  }

  private static UpstreamResponse ask(
      ManagedChannel channel, String action, Map<String, String> params) {
    return UpstreamServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .processRequest(
            UpstreamRequest.newBuilder()
                .setSessionId("s")
                .setOpenid("player-1")
                .setAction(action)
                .putAllParams(params)
                .build());
  }

  private static UpstreamMain parsed(Map<String, String> environment, String... args) {
    UpstreamMain main = new UpstreamMain(environment);
    Cli.commandLine(main).parseArgs(args);
    return main;
  }

  /** The exit code, a space, and everything that was printed. */
  private static String run(String... args) {
    StringWriter printed = new StringWriter();
    CommandLine line = Cli.commandLine(new UpstreamMain(Map.of()));
    line.setOut(new PrintWriter(printed));
    line.setErr(new PrintWriter(printed));
    int code = line.execute(args);
    return code + " " + printed;
  }
}
