package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
  private static final TlsIdentity IDENTITY = new TestCertificates("gatesvr test CA").local();

  @TempDir private Path folder;

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path chain() throws Exception {
    StringBuilder content = new StringBuilder();
    for (X509Certificate each : IDENTITY.chain()) {
      content.append(pem("CERTIFICATE", each.getEncoded()));
    }
    return file("server.crt", content.toString());
  }

  @Test
  void readsAChainAndItsKey() throws Exception {
    Path key = file("server.key", pem("PRIVATE KEY", IDENTITY.key().getEncoded()));
    TlsIdentity read = TlsIdentity.ofPem(chain(), key);
    assertThat(read.chain()).isEqualTo(IDENTITY.chain());
    assertThat(read.key()).isEqualTo(IDENTITY.key());
    assertThat(read.toString()).doesNotContain("key");
  }

  @Test
  void namesTheFileThatIsWrong() throws Exception {
    Path chain = chain();
    assertThatThrownBy(() -> TlsIdentity.ofPem(chain, folder.resolve("none.key")))
        .isInstanceOf(NoSuchFileException.class);
    Path sec1 = file("ec.key", pem("EC PRIVATE KEY", new byte[10]));
    assertThatThrownBy(() -> TlsIdentity.ofPem(chain, sec1))
        .hasMessageContaining("ec.key: no PRIVATE KEY block");
    byte[] rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
    Path other = file("rsa.key", pem("PRIVATE KEY", rsa));
    assertThatThrownBy(() -> TlsIdentity.ofPem(chain, other))
        .hasMessageContaining("rsa.key: not the EC key of its certificate");
    Path empty = file("empty.crt", "");
    assertThatThrownBy(() -> TlsIdentity.ofPem(empty, other)).hasMessageContaining("empty.crt");
  }
}
