package dev.gatesvr.cmd.gatesvr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.gencerts.GencertsMain;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class GatesvrMainTest {
  @TempDir private Path dir;
  private final List<GatewayConfig> started = new ArrayList<>();

  private record Run(int exitCode, String out, String err) {}

  /** Runs with a starter that notes the configuration and then finds its port taken. */
  private Run run(String... flags) {
    return run(Map.of(), flags);
  }

  private Run run(Map<String, String> environment, String... flags) {
    GatewayStarter taken =
        config -> {
          started.add(config);
          throw ConfigException.of(
              "server.quic_addr", config.server().quicAddr(), "an address to bind");
        };
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Cli.commandLine(new GatesvrMain(environment, taken))
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    return new Run(line.execute(flags), out.toString(), err.toString());
  }

  private String[] withCertificate(String... flags) {
    CommandLine gencerts = Cli.commandLine(new GencertsMain());
    gencerts.setOut(new PrintWriter(new StringWriter()));
    assertThat(gencerts.execute("--out", dir.toString())).isZero();
    return Stream.concat(
            Stream.of("-cert", dir + "/server.crt", "--key=" + dir + "/server.key"),
            Stream.of(flags))
        .toArray(String[]::new);
  }

  @Test
  void flagsReachTheGatewayInBothForms() {
    run(
        withCertificate(
            "-quic=:1",
            "--http",
            ":2",
            "-grpc",
            ":3",
            "--metrics=:4",
            "-session-timeout=1m30s",
            "--ack-timeout",
            "200ms",
            "-max-retries",
            "9"));
    var server = started.getFirst().server();
    assertThat(
            List.of(server.quicAddr(), server.httpAddr(), server.grpcAddr(), server.metricsAddr()))
        .containsExactly(":1", ":2", ":3", ":4");
    assertThat(server.sessionTimeout()).hasSeconds(90);
    assertThat(server.ackTimeout()).hasMillis(200);
    assertThat(server.maxRetries()).isEqualTo(9);
  }

  @Test
  void aTakenPortNamesItsOriginAndEndsWithTwo() throws IOException {
    Path file = Files.writeString(dir.resolve("a.yaml"), "server:\n  quic_addr: ':7'\n");
    Run refused = run(withCertificate("-config", file.toString()));
    assertThat(refused.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(refused.err())
        .isEqualToIgnoringNewLines(
            "gatesvr: " + file + ":2: server.quic_addr: :7 (expected: an address to bind)");
    assertThat(run(Map.of("GATESVR_QUIC_ADDR", ":8"), withCertificate()).err())
        .startsWith("gatesvr: environment GATESVR_QUIC_ADDR: server.quic_addr: :8 (");
  }

  @Test
  void validateAcceptsAGoodPairAndStartsNothing() {
    Run good = run(withCertificate("--validate"));
    assertThat(good.exitCode()).as(good.err()).isZero();
    assertThat(started).isEmpty();
  }

  @Test
  void validateRefusesAKeyOfAnotherCertificate() throws IOException {
    String[] flags = withCertificate("--validate");
    Files.copy(
        dir.resolve("ca.key"),
        dir.resolve("server.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertRefused(run(flags), "server.key_file: ", "not the key of ");
    Files.writeString(dir.resolve("server.key"), "nothing");
    assertRefused(run(flags), "server.key_file: ", "holds no unencrypted PEM private key");
    Files.delete(dir.resolve("server.key"));
    assertRefused(run(flags), "server.key_file: ", "no such file");
    Files.writeString(dir.resolve("server.crt"), "nothing");
    assertRefused(run(flags), "server.cert_file: ", "no PEM certificate");
  }

  private static void assertRefused(Run run, String key, String why) {
    assertThat(run.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(run.err()).startsWith("gatesvr: flag -").contains(key, why).hasLineCount(1);
  }

  @Test
  void validateReadsTheCertificatesOfTheLinkToo() throws IOException {
    String[] flags = withCertificate("--validate", "-config", dir.resolve("ha.yaml").toString());
    Path file =
        Files.writeString(
            dir.resolve("ha.yaml"),
            """
            backup:
              enabled: true
              player_addr: gw-a.example:8453
              sync: {listen_addr: ":8600", peer_addr: "10.0.0.2:8600"}
              link:
                cert_file: %1$s/server.crt
                key_file: %1$s/link.key
                ca_file: %1$s/ca.crt
            """
                .formatted(dir));
    Run missing = run(flags);
    assertThat(missing.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(missing.err())
        .startsWith("gatesvr: " + file + ":6: backup.link.cert_file: ")
        .contains("link.key")
        .hasLineCount(1);
    Files.copy(dir.resolve("server.key"), dir.resolve("link.key"));
    assertThat(run(flags).exitCode()).isZero();
  }

  @Test
  void validateReadsTheKeyFilesToo() throws IOException {
    Path keys = Files.writeString(dir.resolve("resume.keys"), "k1:c2VjcmV0\n");
    Path file =
        Files.writeString(
            dir.resolve("auth.yaml"), "auth:\n  resume_token_key_file: " + keys + "\n");
    String[] flags = withCertificate("--validate", "-config", file.toString());
    Run refused = run(flags);
    assertThat(refused.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(refused.err())
        .startsWith("gatesvr: " + file + ":2: auth.resume_token_key_file: " + keys + " (expected: ")
        .doesNotContain("c2Vj")
        .hasLineCount(1);
    Files.writeString(keys, run("key").out());
    assertThat(run(flags).exitCode()).isZero();
  }

  @Test
  void printedDefaultsAreYaml() {
    Run printed = run("--print-defaults");
    assertThat(printed.exitCode()).isZero();
    assertThat(printed.out()).contains("\n  # where players connect\n  quic_addr: \":8453\"\n");
  }
}
