package dev.gatesvr.cmd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs as processes, started the way a user starts them. */
class LauncherTest {
  @TempDir private static Path home;
  private static Distribution distribution;

  @TempDir private Path dir;
  private final Map<String, String> environment =
      new HashMap<>(Map.of("PATH", "/usr/bin:/bin", "JAVA_HOME", System.getProperty("java.home")));

  @BeforeAll
  static void layOut() throws IOException {
    distribution = Distribution.in(home, "gatesvr", "gatectl", "gencerts", "nothing");
  }

  private Ran gatesvr(String... flags) throws IOException, InterruptedException {
    String[] command = new String[flags.length + 1];
    command[0] = distribution.program("gatesvr");
    System.arraycopy(flags, 0, command, 1, flags.length);
    return Ran.run(dir, environment, command);
  }

  @Test
  void versionAndHelpEndWithZeroAndWriteNoLog() throws Exception {
    assertThat(gatesvr("--version")).isEqualTo(new Ran(0, "gatesvr " + Cli.version(), ""));
    Ran help = gatesvr("-help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).contains("-quic", "-max-retries", "--print-defaults");
    assertThat(dir.resolve("gatesvr.log")).doesNotExist();
  }

  @Test
  void gatectlIsAProgramWithItsOwnExitCodes() throws Exception {
    Ran version = Ran.run(dir, environment, distribution.program("gatectl"), "-version");
    assertThat(version).isEqualTo(new Ran(0, "gatectl " + Cli.version(), ""));
    Ran nobody =
        Ran.run(dir, environment, distribution.program("gatectl"), "role", "--addr=127.0.0.1:1");
    assertThat(nobody)
        .isEqualTo(
            new Ran(Cli.FAILED, "", "gatectl role: 127.0.0.1:1 does not answer: no connection"));
  }

  @Test
  void aMistakeIsOneLineAndExitCodeTwo() throws Exception {
    Path config = Files.writeString(dir.resolve("bad.yaml"), "server:\n  quick_addr: :1\n");
    assertOneLine(gatesvr("--nope"), "gatesvr: Unknown option: '--nope' (see gatesvr -help)");
    assertOneLine(
        gatesvr("-config", config.toString()),
        "gatesvr: "
            + config
            + ":2: server.quick_addr: \":1\" (expected: a known key; the nearest is"
            + " server.quic_addr)");
    environment.put("GATESVR_MAX_RETRY", "3");
    assertThat(gatesvr().err()).contains("the nearest is GATESVR_MAX_RETRIES");
  }

  private static void assertOneLine(Ran ran, String line) {
    assertThat(ran).isEqualTo(new Ran(Cli.USAGE, "", line));
  }

  @Test
  void aMissingCertificateSaysHowToMakeOne() throws Exception {
    assertOneLine(
        gatesvr(),
        "gatesvr: server.cert_file: certs/server.crt: no such file (expected: a certificate;"
            + " `make certs` or `gencerts` makes one for development)");
  }

  @Test
  void aLinkToALauncherFindsItsLibraries() throws Exception {
    Path link =
        Files.createSymbolicLink(dir.resolve("gw"), Path.of(distribution.program("gatesvr")));
    Path second = Files.createSymbolicLink(dir.resolve("second"), link.getFileName());
    assertThat(Ran.run(dir, environment, second.toString(), "-version").out())
        .isEqualTo("gatesvr " + Cli.version());
  }

  @Test
  void aLauncherUnderAnotherNameIsRefused() throws Exception {
    Ran ran = Ran.run(dir, environment, distribution.program("nothing"));
    assertThat(ran.exitCode()).isEqualTo(Cli.USAGE);
    assertThat(ran.err()).startsWith("nothing: not a program of gatesvr").hasLineCount(1);
  }

  @Test
  void extraFlagsReachTheJvm() throws Exception {
    environment.put("GATESVR_JAVA_OPTS", "-XX:+PrintFlagsFinal -Xmx64m");
    assertThat(gatesvr("-version").out()).containsPattern("MaxHeapSize +:?= +67108864");
  }

  @Test
  void withCertificatesItRunsOnDefaultsUntilSigterm() throws Exception {
    assertThat(Ran.run(dir, environment, distribution.program("gencerts")).exitCode()).isZero();
    assertThat(gatesvr("--validate"))
        .isEqualTo(new Ran(0, "configuration, certificate and key are good", ""));
    Path out = dir.resolve("out.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                distribution.program("gatesvr"),
                "-quic=127.0.0.1:0",
                "--http=127.0.0.1:0",
                "-grpc",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0")
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!Files.readString(out).contains("SIGTERM stops it")) {
        assertThat(process.isAlive()).as("alive: " + Files.readString(out)).isTrue();
        assertThat(System.nanoTime()).as(Files.readString(out)).isLessThan(deadline);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      process.toHandle().destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(out)).isZero();
      assertThat(Files.readString(out))
          .contains("gatesvr " + Cli.version() + " is ready", "/stats");
      assertThat(dir.resolve("gatesvr.log")).content().contains("embedded defaults");
    } finally {
      process.destroyForcibly();
    }
  }
}
