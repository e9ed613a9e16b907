package dev.gatesvr.cmd.gencerts;

import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code gencerts}: a development CA, a server certificate and its key. */
@Command(
    name = "gencerts",
    description = "Makes a development CA and a server certificate for the gateway.",
    sortOptions = false)
public final class GencertsMain implements Callable<Integer> {
  private static final List<String> ALWAYS = List.of("localhost", "127.0.0.1", "::1");
  private static final Duration CA_VALIDITY = Duration.ofDays(3_650);

  /** The CA must outlive a leaf by more than a little, or the next leaf would be short-lived. */
  private static final Duration CA_REST_MIN = Duration.ofDays(1);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-out", "--out"},
      paramLabel = "DIR",
      description = "Where the files go. Default: ${DEFAULT-VALUE}")
  private Path out = Path.of("certs");

  @Option(
      names = {"-host", "--host"},
      paramLabel = "NAME|IP",
      description = "Also valid for this name or address (repeatable); localhost always is.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = {"-days", "--days"},
      paramLabel = "N",
      description = "How long the server certificate is valid. Default: ${DEFAULT-VALUE}")
  private int days = 365;

  @Option(
      names = {"-rsa", "--rsa"},
      arity = "0..1",
      fallbackValue = "2048",
      paramLabel = "BITS",
      description = "RSA keys instead of ECDSA P-256; 2048 bits unless given.")
  private int rsaBits;

  @Option(
      names = {"-force", "--force"},
      description = "Makes everything anew, the CA too, whatever is there.")
  private boolean force;

  public static void main(String[] args) {
    System.exit(Cli.run(new GencertsMain(), args));
  }

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    check("--days", days, 1, 3_650);
    if (rsaBits != 0) {
      check("--rsa", rsaBits, 2_048, 8_192);
    }
    return write(
        Stream.concat(ALWAYS.stream(), hosts.stream()).map(this::host).distinct().toList());
  }

  private int write(List<Host> names) throws IOException, GeneralSecurityException {
    PrintWriter console = spec.commandLine().getOut();
    Path certFile = out.resolve("server.crt");
    Path keyFile = out.resolve("server.key");
    if (!force && Files.exists(certFile)) {
      Optional<String> flaw = flaw(certFile, keyFile, names);
      if (flaw.isEmpty()) {
        console.println(certFile + " is still good; --force makes a new one");
        return Cli.OK;
      }
      if (!isOurs(certFile)) {
        spec.commandLine()
            .getErr()
            .println(
                "gencerts: %s %s, and was not made by gencerts (expected: --force to replace it)"
                    .formatted(certFile, flaw.get()));
        return Cli.USAGE;
      }
      console.println(certFile + " " + flaw.get() + ": making a new one");
    }
    Files.createDirectories(out);
    Issuer issuer = new Issuer(rsaBits, Instant.now(), new SecureRandom());
    CertificatePair server = issuer.server(authority(issuer), names, Duration.ofDays(days));
    PemFiles.write(server, certFile, keyFile);
    console.println(
        "wrote %s and %s (%s, until %s) for %s"
            .formatted(
                certFile,
                keyFile,
                rsaBits == 0 ? "ECDSA P-256" : "RSA " + rsaBits,
                server.leaf().getNotAfter().toInstant(),
                Stream.concat(ALWAYS.stream(), hosts.stream())
                    .distinct()
                    .collect(Collectors.joining(", "))));
    console.println("clients trust it through " + out.resolve("ca.crt"));
    return Cli.OK;
  }

  /** The CA that is there, or a new one in its place. */
  private CertificatePair authority(Issuer issuer) throws IOException, GeneralSecurityException {
    Path certFile = out.resolve("ca.crt");
    Path keyFile = out.resolve("ca.key");
    if (!force) {
      CertificatePair kept = readOrNull(certFile, keyFile);
      if (kept != null && kept.invalidAt(issuer.now().plus(CA_REST_MIN)).isEmpty()) {
        return kept;
      }
    }
    CertificatePair fresh = issuer.authority(CA_VALIDITY);
    PemFiles.write(fresh, certFile, keyFile);
    return fresh;
  }

  /** Why the certificate that is there will not do; empty when it will. */
  private static Optional<String> flaw(Path certFile, Path keyFile, List<Host> names) {
    try {
      CertificatePair pair = CertificatePair.read(certFile, keyFile);
      Optional<String> invalid = pair.invalidAt(Instant.now());
      return invalid.isPresent() ? invalid : missing(pair.leaf(), names);
    } catch (BadCertificateException e) {
      return Optional.of("cannot be used (" + e.getMessage() + ")");
    }
  }

  private static Optional<String> missing(X509Certificate leaf, List<Host> names) {
    try {
      Collection<List<?>> present = leaf.getSubjectAlternativeNames();
      List<Host> covered =
          present == null
              ? List.of()
              : present.stream().map(n -> new Host((int) n.get(0), n.get(1).toString())).toList();
      return names.stream()
          .filter(name -> !covered.contains(name))
          .findFirst()
          .map(name -> "is not for " + name.text());
    } catch (CertificateParsingException e) {
      return Optional.of("has unreadable names");
    }
  }

  /** Whether this program made it; a file that is no certificate at all is nobody's. */
  private static boolean isOurs(Path certFile) throws IOException {
    try {
      return CertificatePair.readChain(certFile)
          .getFirst()
          .getIssuerX500Principal()
          .equals(Issuer.caPrincipal());
    } catch (BadCertificateException e) {
      return false;
    }
  }

  private static @Nullable CertificatePair readOrNull(Path certFile, Path keyFile) {
    try {
      return CertificatePair.read(certFile, keyFile);
    } catch (BadCertificateException absentOrBroken) {
      return null;
    }
  }

  private Host host(String text) {
    try {
      return Host.of(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--host: \"" + text + "\" (expected: a host name or an IP address)",
          e);
    }
  }

  private void check(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}
