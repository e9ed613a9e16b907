package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.gencerts.BadCertificateException;
import dev.gatesvr.cmd.gencerts.CertificatePair;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** The look at {@code server.cert_file} and {@code server.key_file} before anything is bound. */
final class ServerCertificate {
  private ServerCertificate() {}

  /**
   * Reads both files and checks that they belong together.
   *
   * @return why clients would refuse it at that time, if they would
   * @throws ConfigException naming the key, the file, what is wrong and what to do
   */
  static Optional<String> check(ServerConfig server, Instant now) {
    Path certFile = Path.of(server.certFile());
    Path keyFile = Path.of(server.keyFile());
    if (!Files.exists(certFile) && !Files.exists(keyFile)) {
      throw ConfigException.of(
          "server.cert_file",
          certFile + ": no such file",
          "a certificate; `make certs` or `gencerts` makes one for development");
    }
    try {
      return CertificatePair.read(certFile, keyFile).invalidAt(now);
    } catch (BadCertificateException e) {
      throw e.isInKeyFile()
          ? ConfigException.of(
              "server.key_file",
              keyFile + ": " + e.getMessage(),
              "the PEM private key of " + certFile)
          : ConfigException.of(
              "server.cert_file", certFile + ": " + e.getMessage(), "a PEM certificate chain");
    }
  }
}
