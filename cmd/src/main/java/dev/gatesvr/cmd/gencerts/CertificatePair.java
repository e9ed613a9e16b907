package dev.gatesvr.cmd.gencerts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/**
 * A certificate chain and the private key of its first certificate. Immutable.
 *
 * @param chain leaf first, at least one
 */
public record CertificatePair(List<X509Certificate> chain, PrivateKey key) {
  /** A chain of a dozen certificates is 30 KiB; a wrong path fails at once. */
  private static final int FILE_BYTES_MAX = 1 << 20;

  public CertificatePair {
    chain = List.copyOf(chain);
  }

  /**
   * Reads two PEM files and checks that they belong together. Expiry is not looked at.
   *
   * @throws BadCertificateException saying which file is wrong and how
   */
  public static CertificatePair read(Path certFile, Path keyFile) throws BadCertificateException {
    CertificatePair pair = new CertificatePair(readChain(certFile), readKey(keyFile));
    if (!pair.keyMatches()) {
      throw BadCertificateException.inKey("not the key of " + certFile);
    }
    return pair;
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Why the leaf is not valid at that time; empty when it is. */
  public Optional<String> invalidAt(Instant time) {
    if (time.isAfter(leaf().getNotAfter().toInstant())) {
      return Optional.of("expired on " + leaf().getNotAfter().toInstant());
    }
    if (time.isBefore(leaf().getNotBefore().toInstant())) {
      return Optional.of("not valid before " + leaf().getNotBefore().toInstant());
    }
    return Optional.empty();
  }

  static List<X509Certificate> readChain(Path file) throws BadCertificateException {
    try {
      var certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes(file)));
      if (certificates.isEmpty()) {
        throw BadCertificateException.inCertificate("holds no certificate");
      }
      return certificates.stream().map(X509Certificate.class::cast).toList();
    } catch (IOException e) {
      throw BadCertificateException.inCertificate(reason(e));
    } catch (CertificateException e) {
      throw BadCertificateException.inCertificate("holds no PEM certificate");
    }
  }

  private static PrivateKey readKey(Path file) throws BadCertificateException {
    try (PEMParser parser =
        new PEMParser(new StringReader(new String(bytes(file), StandardCharsets.UTF_8)))) {
      for (Object part = parser.readObject(); part != null; part = parser.readObject()) {
        if (part instanceof PrivateKeyInfo info) {
          return new JcaPEMKeyConverter().getPrivateKey(info);
        } else if (part instanceof PEMKeyPair) {
          throw BadCertificateException.inKey(
              "not PKCS #8 (`openssl pkcs8 -topk8 -nocrypt` converts it)");
        }
      }
    } catch (IOException e) {
      throw BadCertificateException.inKey(reason(e));
    }
    throw BadCertificateException.inKey("holds no unencrypted PEM private key");
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw new IOException("larger than 1 MiB");
      }
      return bytes;
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "no such file";
      case AccessDeniedException denied -> "no permission to read it";
      default -> "cannot be read: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    };
  }

  private boolean keyMatches() {
    byte[] sample = "gatesvr".getBytes(StandardCharsets.UTF_8);
    try {
      Signature signature = Signature.getInstance(signatureOf(key));
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(leaf().getPublicKey());
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException differentKinds) {
      return false;
    }
  }

  static String signatureOf(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> key.getAlgorithm();
    };
  }
}
