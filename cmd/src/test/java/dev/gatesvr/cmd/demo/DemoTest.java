package dev.gatesvr.cmd.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.Distribution;
import dev.gatesvr.cmd.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo and the client program, with real processes. */
@Tag("long")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DemoTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", System.getProperty("java.home"));

  @TempDir private static Path home;
  private static Distribution distribution;

  @TempDir private Path folder;

  @BeforeAll
  static void layOut() throws IOException {
    distribution = Distribution.in(home, "gatesvr", "upstream", "gencerts", "client", "demo");
  }

  @Test
  void showsThatEverythingWorksAndLeavesNothingBehind() throws Exception {
    Ran ran = Ran.run(folder, ENVIRONMENT, distribution.program("demo"));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    assertThat(ran.out().lines().filter(line -> line.endsWith("✓"))).hasSize(6 * 8);
    assertThat(ran.out()).doesNotContain("✗").contains("/stats", "gatesvr_total_requests");
    assertThat(ran.out()).contains("gateway 0", "everything worked");
    assertThat(descendantsOf(home)).isZero();
  }

  @Test
  void failsInOneLineWhenAProgramIsMissing() throws Exception {
    Path incomplete = Files.createDirectory(folder.resolve("incomplete"));
    Files.createSymbolicLink(incomplete.resolve("lib"), home.resolve("lib"));
    Files.copy(
        Distribution.script("launcher.sh"),
        incomplete.resolve("demo"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Ran ran = Ran.run(folder, ENVIRONMENT, incomplete.resolve("demo").toString());
    assertThat(ran.exitCode()).isEqualTo(Cli.FAILED);
    assertThat(ran.err()).startsWith("demo: ").contains("gencerts is missing").hasLineCount(1);
  }

  @Test
  void theClientAsksMeasuresAndChecks() throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    try (DemoFleet fleet = DemoFleet.in(home)) {
      fleet.makeCertificate(deadline);
      DemoFleet.Ports ports = fleet.startGateway(deadline);
      fleet.startUpstreams(ports.grpc(), deadline);
      String server = "-server=" + ports.quic();
      String ca = "--ca=" + fleet.ca();

      assertThat(client(server, ca, "-health-check").exitCode()).isZero();

      Ran json =
          client(
              server,
              ca,
              "-openid=10001",
              "-test=calculate",
              "-data={\"operation\":\"add\",\"a\":40,\"b\":2}");
      assertThat(json.exitCode()).as(json.toString()).isZero();
      assertThat(json.out()).contains("add(40, 2) = 42");

      Ran byZero =
          client(server, ca, "-test=calculate", "-data={\"operation\":\"divide\",\"a\":1,\"b\":0}");
      assertThat(byZero.exitCode()).isEqualTo(Cli.FAILED);

      Ran many =
          client(
              server, ca, "-performance", "-clients=8", "-max-requests=5", "-request-interval=1ms");
      assertThat(many.exitCode()).as(many.toString()).isZero();
      assertThat(many.out()).contains("40 answered, 0 failed", "p99.9");

      Ran typed = typed(server, ca);
      assertThat(typed.exitCode()).as(typed.toString()).isZero();
      assertThat(typed.out())
          .contains("Hello, 10001", "resumed, nothing was missed", "= 42", "bye");

      Ran stranger = client(server, "-test=hello", "-connect-timeout=3s");
      assertThat(stranger.exitCode()).isEqualTo(Cli.FAILED);
      assertThat(stranger.err()).contains("CERTIFICATE_VERIFY_FAILED");

      Ran trusting = client(server, "-test=hello", "-skip-tls-verify");
      assertThat(trusting.exitCode()).isZero();
      // On stderr for users; the log configuration of tests says stdout.
      assertThat(trusting.out() + trusting.err()).contains("not verified");

      assertThat(fleet.stop()).allSatisfy((name, code) -> assertThat(code).as(name).isZero());
    }
  }

  private Ran client(String... flags) throws IOException, InterruptedException {
    String[] command = new String[flags.length + 1];
    command[0] = distribution.program("client");
    System.arraycopy(flags, 0, command, 1, flags.length);
    return Ran.run(folder, ENVIRONMENT, command);
  }

  /** The client with a person at it, who waits a little before coming back. */
  private Ran typed(String server, String ca) throws IOException, InterruptedException {
    String lines =
        "(echo hello; echo disconnect; sleep 1; echo reconnect; echo calculate multiply 6 7;"
            + " echo stats; echo quit)";
    String program = distribution.program("client") + " " + server + " " + ca + " -openid=10001";
    return Ran.run(folder, ENVIRONMENT, "/bin/sh", "-c", lines + " | " + program);
  }

  private static long descendantsOf(Path home) {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(home.toString()))
        .count();
  }
}
