package dev.gatesvr.cmd.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ClientMainTest {
  private final StringWriter err = new StringWriter();

  private static ClientMain parsed(Map<String, String> environment, String... flags) {
    ClientMain main = new ClientMain(environment);
    Cli.commandLine(main).parseArgs(flags);
    return main;
  }

  private int run(String... flags) {
    CommandLine line = Cli.commandLine(new ClientMain(Map.of()));
    line.setErr(new PrintWriter(err, true));
    return line.execute(flags);
  }

  @Test
  void readsFlagsInBothForms() {
    assertThat(parsed(Map.of(), "-server=a:1", "-openid", "7").server()).isEqualTo("a:1");
    assertThat(parsed(Map.of(), "--server", "a:1", "--openid=7").openid()).isEqualTo("7");
    ClientMain everything =
        parsed(
            Map.of(),
            "-id=me",
            "-skip-tls-verify",
            "-connect-timeout=1m30s",
            "-heartbeat=5s",
            "-test=echo",
            "-data=x",
            "-count=3",
            "-interval=200ms",
            "-clients=5",
            "-request-interval=1ms",
            "-max-requests=9",
            "-openid-start=1",
            "-openid-end=9");
    assertThat(everything.mode()).isEqualTo(ClientMain.Mode.TEST);
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheDefaults() {
    Map<String, String> environment = Map.of("SERVER_ADDR", "e:1", "CLIENT_OPENID", "42");
    assertThat(parsed(environment).server()).isEqualTo("e:1");
    assertThat(parsed(environment).openid()).isEqualTo("42");
    assertThat(parsed(environment, "-server=f:2", "-openid=43").server()).isEqualTo("f:2");
    assertThat(parsed(environment, "-server=f:2", "-openid=43").openid()).isEqualTo("43");
    assertThat(parsed(Map.of()).server()).isEqualTo("localhost:8453");
  }

  @Test
  void choosesFiveDigitsOnceWhenNoOpenidIsGiven() {
    ClientMain main = parsed(Map.of());
    assertThat(main.openid()).matches("[1-9][0-9]{4}").isEqualTo(main.openid());
  }

  @ParameterizedTest
  @CsvSource({
    "'', INTERACTIVE",
    "-interactive, INTERACTIVE",
    "-test=hello, TEST",
    "-performance, PERFORMANCE",
    "--performance=true, PERFORMANCE",
    "-health-check, HEALTH_CHECK"
  })
  void choosesItsModeByFlag(String flag, ClientMain.Mode mode) {
    String[] flags = flag.isEmpty() ? new String[0] : new String[] {flag};
    assertThat(parsed(Map.of(), flags).mode()).isEqualTo(mode);
  }

  @ParameterizedTest
  @CsvSource({"interactive, INTERACTIVE", "test, TEST", "performance, PERFORMANCE"})
  void choosesItsModeByEnvironment(String wanted, ClientMain.Mode mode) {
    assertThat(parsed(Map.of("CLIENT_MODE", wanted)).mode()).isEqualTo(mode);
  }

  @ParameterizedTest
  @CsvSource({
    "-count=0, '-count: 0 (expected: 1 to'",
    "-clients=0, '-clients: 0 (expected: 1 to'",
    "-max-requests=-1, '-max-requests: -1 (expected: 0 to'",
    "-server=nowhere, '\"nowhere\" (expected: host:port'",
    "-connect-timeout=soon, 'expected: a duration'",
    "-ca=/nowhere/ca.crt, '/nowhere/ca.crt'"
  })
  void saysWhatIsWrongWithAFlagInOneLine(String flag, String message) {
    assertThat(run("-test=hello", "-openid=1", flag)).isEqualTo(Cli.USAGE);
    assertThat(err.toString()).contains(message);
    assertThat(err.toString().strip().lines()).hasSize(1);
  }

  @Test
  void healthCheckFailsInOneLineWhenNobodyIsThere() throws IOException {
    int port;
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    int exitCode =
        run(
            "-health-check",
            "-skip-tls-verify",
            "-server=127.0.0.1:" + port,
            "-connect-timeout=500ms");
    assertThat(exitCode).isEqualTo(Cli.FAILED);
    assertThat(err.toString()).startsWith("client: 127.0.0.1:" + port);
    assertThat(err.toString().strip().lines()).hasSize(1);
  }
}
