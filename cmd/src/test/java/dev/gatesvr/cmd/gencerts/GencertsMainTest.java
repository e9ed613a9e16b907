package dev.gatesvr.cmd.gencerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatesvr.cmd.Cli;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class GencertsMainTest {
  @TempDir private Path dir;

  private record Run(int exitCode, String out, String err) {}

  private Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Cli.commandLine(new GencertsMain())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    int exitCode =
        line.execute(
            Stream.concat(Stream.of("--out", dir.toString()), Stream.of(args))
                .toArray(String[]::new));
    return new Run(exitCode, out.toString(), err.toString());
  }

  private CertificatePair server() throws BadCertificateException {
    return CertificatePair.read(dir.resolve("server.crt"), dir.resolve("server.key"));
  }

  private CertificatePair authority() throws BadCertificateException {
    return CertificatePair.read(dir.resolve("ca.crt"), dir.resolve("ca.key"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--days=30", "--rsa", "-rsa=3072"})
  void theJdkAcceptsTheChainForEveryHostAndNoOther(String kind) throws Exception {
    assertThat(run(kind, "--host", "play.example.org", "-host=10.1.2.3").exitCode()).isZero();
    try (TlsServer tls = TlsServer.start(server())) {
      for (String host : List.of("localhost", "127.0.0.1", "::1", "play.example.org", "10.1.2.3")) {
        assertThat(tls.handshake(host, authority().leaf()).getPeerHost()).isEqualTo(host);
      }
      for (String host : List.of("other.example.org", "10.1.2.4")) {
        assertThatThrownBy(() -> tls.handshake(host, authority().leaf()))
            .isInstanceOf(SSLHandshakeException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--days=30", "--rsa"})
  void boringSslLoadsIt(String kind) {
    assertThat(run(kind).exitCode()).isZero();
    var context =
        QuicSslContextBuilder.forServer(
                dir.resolve("server.key").toFile(), null, dir.resolve("server.crt").toFile())
            .applicationProtocols("gatesvr")
            .build();
    assertThat(context.isServer()).isTrue();
  }

  @Test
  void openSslVerifiesIt() throws Exception {
    assertThat(run("--host", "play.example.org").exitCode()).isZero();
    Process process;
    try {
      process =
          new ProcessBuilder(
                  "openssl",
                  "verify",
                  "-x509_strict",
                  "-purpose",
                  "sslserver",
                  "-verify_hostname",
                  "play.example.org",
                  "-CAfile",
                  dir.resolve("ca.crt").toString(),
                  dir.resolve("server.crt").toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException absent) {
      assumeTrue(false, "no openssl here");
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
  }

  @Test
  void theLeafMayServeAndBeAClientAndTheCaMaySignLeavesOnly() throws Exception {
    run();
    X509Certificate leaf = server().leaf();
    X509Certificate ca = authority().leaf();
    assertThat(server().chain()).containsExactly(leaf, ca);
    assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
    assertThat(leaf.getKeyUsage()).startsWith(true, false, false, false, false, false);
    assertThat(leaf.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(ca.getBasicConstraints()).isZero();
    assertThat(ca.getKeyUsage()).startsWith(false, false, false, false, false, true, true);
    assertThat(leaf.getExtensionValue("2.5.29.35")).isNotNull();
    assertThat(leaf.getExtensionValue("2.5.29.14")).isNotNull();
    assertThat(leaf.getSerialNumber()).isPositive().isNotEqualTo(ca.getSerialNumber());
    assertThat(leaf.getNotBefore()).isBefore(Instant.now().minus(Duration.ofMinutes(30)));
    assertThat(leaf.getPublicKey().getAlgorithm()).isEqualTo("EC");
  }

  @Test
  void keysAreForTheirOwnerAlone() throws IOException {
    run();
    for (String key : List.of("server.key", "ca.key")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(key))))
          .isEqualTo("rw-------");
      assertThat(Files.readString(dir.resolve(key))).startsWith("-----BEGIN PRIVATE KEY-----");
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("ca.crt", "ca.key", "server.crt", "server.key");
    }
  }

  @Test
  void aGoodCertificateIsKeptUnlessForced() throws Exception {
    run();
    CertificatePair first = server();
    CertificatePair firstAuthority = authority();
    assertThat(run().out()).contains("is still good; --force makes a new one");
    assertThat(server()).isEqualTo(first);
    assertThat(run("--force").exitCode()).isZero();
    assertThat(server()).isNotEqualTo(first);
    assertThat(authority()).isNotEqualTo(firstAuthority);
  }

  @Test
  void aNewHostMakesANewCertificateUnderTheSameCa() throws Exception {
    run();
    CertificatePair firstAuthority = authority();
    assertThat(run("--host", "new.example.org").out()).contains("is not for new.example.org");
    assertThat(authority()).isEqualTo(firstAuthority);
    assertThat(run("--host", "new.example.org").out()).contains("is still good");
    assertThat(run().out()).contains("is still good");
  }

  @Test
  void anExpiredOrMismatchedCertificateIsReplaced() throws Exception {
    run();
    Instant past = Instant.now().minus(Duration.ofDays(40));
    CertificatePair expired =
        new Issuer(0, past, new SecureRandom())
            .server(authority(), List.of(Host.of("localhost")), Duration.ofDays(30));
    PemFiles.write(expired, dir.resolve("server.crt"), dir.resolve("server.key"));
    assertThat(run().out()).contains("expired on ").contains("making a new one");
    Files.copy(
        dir.resolve("ca.key"),
        dir.resolve("server.key"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(run().out()).contains("not the key of ").contains("making a new one");
    assertThat(server().invalidAt(Instant.now())).isEmpty();
  }

  @Test
  void aForeignCertificateIsNeverReplacedWithoutForce() throws Exception {
    Files.writeString(dir.resolve("server.crt"), "mine\n");
    Run refused = run();
    assertThat(refused.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(refused.err()).contains("was not made by gencerts").hasLineCount(1);
    assertThat(dir.resolve("server.crt")).hasContent("mine");
    assertThat(run("--force").exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--host=a b", "--host=-x", "--host=1.2.3.400", "--days=0", "--rsa=512", "--nope"})
  void aBadFlagIsOneLineAndExitCodeTwo(String flag) {
    Run refused = run(flag);
    assertThat(refused.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(refused.err()).startsWith("gencerts: ").hasLineCount(1);
    assertThat(dir).isEmptyDirectory();
  }
}
