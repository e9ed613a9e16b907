package dev.gatesvr.cmd.gencerts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatePairTest {
  @TempDir private Path dir;

  /** The gateway's TLS reads PKCS #8 only, so a key in another form must not pass for good. */
  @Test
  void aKeyInTheOldFormSaysHowToConvertIt() throws Exception {
    CertificatePair pair =
        new Issuer(0, Instant.now(), new SecureRandom()).authority(Duration.ofDays(1));
    Path certFile = dir.resolve("a.crt");
    Path keyFile = dir.resolve("a.key");
    PemFiles.write(pair, certFile, keyFile);
    StringWriter old = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(old)) {
      writer.writeObject(pair.key());
    }
    Files.writeString(keyFile, old.toString());
    assertThatThrownBy(() -> CertificatePair.read(certFile, keyFile))
        .isInstanceOf(BadCertificateException.class)
        .hasMessageContaining("not PKCS #8 (`openssl pkcs8");
  }
}
