package dev.gatesvr.cmd.gatectl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.gateway.admin.AdminServer;
import dev.gatesvr.gateway.admin.GatewayView;
import dev.gatesvr.gateway.admin.PairStatus;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import dev.gatesvr.gateway.admin.PairView.SwitchResult;
import dev.gatesvr.gateway.config.AdminConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GatectlMainTest {
  private static final String TOKEN = "0123456789abcdef";

  /** The pair's pages ask it nothing. */
  private static final GatewayView NO_VIEW =
      (GatewayView)
          Proxy.newProxyInstance(
              GatewayView.class.getClassLoader(),
              new Class<?>[] {GatewayView.class},
              (proxy, method, arguments) -> {
                throw new UnsupportedOperationException(method.getName());
              });

  @TempDir private Path dir;
  private final SettablePair pair = new SettablePair();
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();
  private AdminServer server;
  private Path tokenFile;

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            NO_VIEW,
            pair,
            new AdminConfig(false, TOKEN));
    tokenFile = Files.writeString(dir.resolve("token"), TOKEN + "\n");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... args) {
    return run(Map.of("GATESVR_ADMIN_TOKEN", TOKEN), args);
  }

  private int run(Map<String, String> environment, String... args) {
    out = new StringWriter();
    err = new StringWriter();
    CommandLine line = Cli.commandLine(new GatectlMain(environment));
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private String address() {
    return "localhost:" + server.localAddress().getPort();
  }

  private JsonNode json() throws IOException {
    assertThat(out.toString().lines()).hasSize(1);
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void roleIsOneLineAndAnExitCodeForScripts() throws IOException {
    assertThat(run("--addr", address(), "role")).isZero();
    assertThat(out.toString())
        .isEqualToIgnoringNewLines("primary   gw-a   term 4   partner paired   leader gw-a#1");
    pair.be(Role.STANDBY, "gw-b#2", 5);
    assertThat(run("role", "--addr=" + address())).isEqualTo(Exit.STANDBY);
    assertThat(out.toString()).startsWith("standby   gw-a   term 5").contains("leader gw-b#2");
    pair.be(Role.STARTING, "", 0);
    assertThat(run("-addr", address(), "role")).isEqualTo(Exit.REFUSED);
    assertThat(out.toString()).contains("leader none");
    assertThat(run("role", "-addr", address(), "--json")).isEqualTo(Exit.REFUSED);
    assertThat(json().path("role").asText()).isEqualTo("starting");
    pair.be(PairStatus.SINGLE);
    assertThat(run("role", "-addr", address())).isZero();
    assertThat(out.toString()).startsWith("single (backup.enabled: false)");
  }

  @Test
  void aNodeThatDoesNotAnswerIsOne() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(run("role", "--addr", "localhost:" + free)).isEqualTo(Cli.FAILED);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "gatectl role: localhost:" + free + " does not answer: no connection");
  }

  @Test
  void replicationShowsThePairAndEveryLog() throws IOException {
    assertThat(run("replication", "--addr", address())).isZero();
    assertThat(out.toString())
        .contains("pair          gatesvr   term 4   leader gw-a#1   in sync gw-a#1 gw-b#2")
        .contains("other         gw-b#2   standby   connected, heard 12 ms ago")
        .contains("arbiter       witness   2 of 3 witnesses connected")
        .contains("replication   sync   held 3, oldest 0.4 ms   snapshots 1")
        .contains("history       1 failovers (last 41.5 ms)   2 switchovers")
        .containsPattern("\n +0 +10234 +10233 +10230 +4 +1234\n")
        .doesNotContain("\u001b");
    assertThat(run("replication", "--json", "--addr", address())).isZero();
    assertThat(json().path("replication").path("logs").path(0).path("acked_lsn").asLong())
        .isEqualTo(10_230);
    pair.be(PairStatus.SINGLE);
    assertThat(run("replication", "--addr", address())).isZero();
    assertThat(out.toString()).startsWith("no pair");
  }

  @Test
  void aSwitchoverWaitsUntilTheOtherLeadsAndSaysHowLongItTook() throws IOException {
    assertThat(run("switchover", "--addr", address())).as(err.toString()).isZero();
    assertThat(out.toString())
        .containsPattern("^gw-b#2 leads after \\d+\\.\\d ms   players waited 8\\.2 ms");
    pair.be(Role.PRIMARY, "gw-a#1", 4);
    pair.result = new SwitchResult.Started("freezing");
    assertThat(run("switchover", "--addr", address(), "--json")).isZero();
    assertThat(json().path("outcome").asText()).isEqualTo("done");
    assertThat(json().path("leader").asText()).isEqualTo("gw-b#2");
    assertThat(json().path("took_ms").asDouble()).isPositive();
  }

  @Test
  void aSwitchoverThatIsNotOverInTimeSaysWhereItStands() throws IOException {
    pair.result = new SwitchResult.Started("freezing");
    pair.looksUntilOver = Integer.MAX_VALUE;
    assertThat(run("switchover", "--addr", address(), "--wait", "50ms")).isEqualTo(Exit.NOT_OVER);
    assertThat(out.toString())
        .startsWith("not over within 50 ms: this node is primary, partner paired, leader gw-a#1");
  }

  @Test
  void whatIsRefusedChangedNothing() throws IOException {
    pair.result = new SwitchResult.Refused("gw-b is not in sync");
    assertThat(run("switchover", "--addr", address())).isEqualTo(Exit.REFUSED);
    assertThat(out.toString()).startsWith("refused, nothing was changed: gw-b is not in sync");
    pair.result = new SwitchResult.Off();
    assertThat(run("switchover", "--addr", address(), "--json")).isEqualTo(Exit.REFUSED);
    assertThat(json().path("reason").asText()).contains("there is no pair");
  }

  @Test
  void forcingTheLeadMustBeMeant() throws IOException {
    pair.be(Role.STANDBY, "gw-b#2", 5);
    assertThat(run("force-lead", "--addr", address())).isEqualTo(Cli.USAGE);
    assertThat(err.toString())
        .contains("--yes is missing", "what only it holds is lost")
        .hasLineCount(1);
    pair.result = new SwitchResult.Done("gw-a#1", 0);
    assertThat(run("force-lead", "--addr", address(), "--yes")).as(err.toString()).isZero();
    assertThat(out.toString()).containsPattern("^gw-a#1 leads after \\d+\\.\\d ms");
  }

  @Test
  void commandsCarryTheTokenOfTheFile() throws IOException {
    assertThat(run(Map.of(), "switchover", "--addr", address())).isEqualTo(Cli.FAILED);
    assertThat(err.toString()).contains("/backup/switch answered 401", "Bearer").hasLineCount(1);
    assertThat(
            run(Map.of(), "switchover", "--addr", address(), "--token-file", tokenFile.toString()))
        .as(err.toString())
        .isZero();
    Path none = dir.resolve("none");
    assertThat(run(Map.of(), "role", "--addr", address(), "--token-file", none.toString()))
        .isEqualTo(Cli.FAILED);
    assertThat(err.toString()).contains("--token-file: " + none + " cannot be read");
  }

  @Test
  void refusesMistakenFlagsInOneLine() {
    assertThat(run()).isEqualTo(Cli.USAGE);
    assertThat(err.toString()).contains("no command (expected: role, replication, switchover");
    assertThat(run("role", "--addr", "a b")).isEqualTo(Cli.USAGE);
    assertThat(err.toString()).contains("--addr: \"a b\" (expected: host:port").hasLineCount(1);
    assertThat(run("switchover", "--wait", "soon")).isEqualTo(Cli.USAGE);
    assertThat(run("sing")).isEqualTo(Cli.USAGE);
  }

  @Test
  void printsItsVersionAndItsFlags() {
    assertThat(run("-version")).isZero();
    assertThat(out.toString()).startsWith("gatectl ").contains(Cli.version());
    assertThat(run("-help")).isZero();
    assertThat(out.toString()).contains("switchover", "--token-file", "Exit codes: 0");
    assertThat(run("switchover", "-help")).isZero();
    assertThat(out.toString()).contains("--wait");
  }
}
