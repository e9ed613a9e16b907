package dev.gatesvr.cmd.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.admin.AdminServer;
import dev.gatesvr.gateway.admin.PairStatus;
import dev.gatesvr.gateway.admin.PairView;
import dev.gatesvr.gateway.admin.http.HttpLimits;
import dev.gatesvr.gateway.admin.http.HttpListener;
import dev.gatesvr.gateway.config.AdminConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MonitorMainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    start(PairView.NONE);
  }

  private void start(PairView pair) throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new BusyView(),
            pair,
            AdminConfig.defaults());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... args) {
    CommandLine line = Cli.commandLine(new MonitorMain());
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private String address() {
    return "localhost:" + server.localAddress().getPort();
  }

  @Test
  void showsRatesAndPercentilesInATable() {
    assertThat(run("-server=" + address(), "-interval", "100ms")).isZero();
    assertThat(out.toString())
        .contains("gatesvr " + address() + "   up 1h01m02s")
        .contains("ready         zones 001 004")
        .contains("connections   900/1000 !   quic 900   1.0/s new   3 refused")
        .contains("sessions      2   003 2")
        .contains("requests      100.0/s   window 12.5/2000   99.00 % ok   1.0 errors/s")
        .contains("upstream      4/100 in flight")
        .contains("frames        in 300.0/s, 10.0 KiB/s   out 0.0/s, 0 B/s")
        .contains("queued        7 messages, 2.0 KiB")
        .containsPattern("upstream +1 +12\\d\\d\\.\\d")
        .contains("p99.9")
        .doesNotContain("openid");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void namesTheRoleOfANodeOfAPair() throws IOException {
    server.close();
    PairStatus single = PairStatus.SINGLE;
    PairStatus standby =
        new PairStatus(
            true,
            PairStatus.Role.STANDBY,
            single.partner(),
            "gw-a",
            "gw-a#1",
            "gatesvr",
            new PairStatus.Register(7, 5, "gw-b#2\u001b[31m", List.of()),
            single.peer(),
            single.arbiter(),
            single.replication(),
            single.sessions(),
            single.history());
    start(new FixedPair(standby));
    assertThat(run("-server=" + address(), "-interval", "100ms")).isZero();
    assertThat(out.toString())
        .contains("NOT READY     standby")
        .contains("pair          standby   partner alone   term 5   leader gw-b#2?[31m   none");
  }

  /** A pair that takes no commands. */
  private record FixedPair(PairStatus status) implements PairView {
    @Override
    public CompletionStage<SwitchResult> switchOver() {
      return NONE.switchOver();
    }

    @Override
    public CompletionStage<SwitchResult> forceLead() {
      return NONE.forceLead();
    }
  }

  @Test
  void listsSessionsWhenDetailedAndLetsNobodySteerTheTerminal() {
    assertThat(run("--server", address(), "--interval=100ms", "--detailed")).isZero();
    assertThat(out.toString())
        .contains("openid", "evil?[2Jplayer", "203.0.113.7:4711")
        .contains("1 of 2")
        .contains("last error    upstream ?[31m004")
        .doesNotContain("\u001b");
  }

  @Test
  void printsOneJsonDocumentPerSample() throws IOException {
    assertThat(run("-server", address(), "-interval", "100ms", "-format", "json")).isZero();
    assertThat(out.toString().lines()).hasSize(1);
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json.path("rates").path("requests_per_second").asDouble()).isEqualTo(100);
    assertThat(json.path("rates").path("seconds").asDouble()).isEqualTo(1);
    assertThat(json.path("stats").path("active_connections").asInt()).isEqualTo(900);
    assertThat(json.path("performance").path("latency").has("upstream")).isTrue();
    assertThat(json.path("ready").path("status").asText()).isEqualTo("ready");
    assertThat(json.path("pair").path("role").asText()).isEqualTo("single");
  }

  @Test
  void endsWithOneLineWhenTheGatewayDoesNotAnswer() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(run("-server", "localhost:" + free)).isEqualTo(Cli.FAILED);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "monitor: localhost:" + free + " does not answer: no connection");
  }

  @Test
  void endsWithOneLineWhenItIsNoGateway() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (var other = HttpListener.start("other-0", any, Map.of(), HttpLimits.defaults())) {
      String address = "localhost:" + other.localAddress().getPort();
      assertThat(run("-server", address)).isEqualTo(Cli.FAILED);
      assertThat(err.toString())
          .isEqualToIgnoringNewLines(
              "monitor: " + address + " is no gateway: /stats?limit=1 answered 404");
    }
  }

  @Test
  void refusesMistakenFlagsInOneLine() {
    assertThat(run("-interval", "1ms")).isEqualTo(Cli.USAGE);
    assertThat(run("-format", "xml")).isEqualTo(Cli.USAGE);
    assertThat(run("-interval", "often")).isEqualTo(Cli.USAGE);
    assertThat(run("-server", "a b")).isEqualTo(Cli.USAGE);
    assertThat(err.toString().lines()).hasSize(4).allMatch(line -> line.startsWith("monitor: "));
  }

  @Test
  void printsItsVersionAndItsFlags() {
    assertThat(run("-version")).isZero();
    assertThat(out.toString()).startsWith("monitor ").contains(Cli.version());
    assertThat(run("-help")).isZero();
    assertThat(out.toString())
        .contains("-server", "-interval", "-continuous", "-format", "-detailed");
  }
}
