package dev.gatesvr.transport.quic;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * A server's certificate chain and the key of its first certificate, read and parsed once.
 *
 * @param chain the leaf first
 * @param key the leaf's key
 */
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
  private static final String KEY_BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String KEY_END = "-----END PRIVATE KEY-----";

  public TlsIdentity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("certificates: none (expected: the leaf, then its CAs)");
    }
  }

  /**
   * Reads PEM files.
   *
   * @param chainFile one or more CERTIFICATE blocks, the leaf first
   * @param keyFile a PRIVATE KEY block (PKCS#8), as {@code gencerts} and {@code openssl} write it
   * @throws IOException if a file cannot be read or does not hold that; the message names it
   */
  public static TlsIdentity ofPem(Path chainFile, Path keyFile) throws IOException {
    List<X509Certificate> chain = certificates(chainFile);
    String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
    return new TlsIdentity(chain, privateKey(keyFile, algorithm));
  }

  /** Reads every CERTIFICATE block of a PEM file. */
  static List<X509Certificate> certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (found.isEmpty()) {
        throw new IOException(file + ": no CERTIFICATE block (expected: at least one)");
      }
      return found;
    } catch (CertificateException e) {
      throw new IOException(file + ": not a certificate: " + e.getMessage(), e);
    }
  }

  private static PrivateKey privateKey(Path file, String algorithm) throws IOException {
    String pem = Files.readString(file, StandardCharsets.US_ASCII);
    int begin = pem.indexOf(KEY_BEGIN);
    int end = pem.indexOf(KEY_END);
    if (begin < 0 || end < begin) {
      throw new IOException(file + ": no PRIVATE KEY block (expected: an unencrypted PKCS#8 key)");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(pem.substring(begin + KEY_BEGIN.length(), end));
      return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new IOException(
          file + ": not the " + algorithm + " key of its certificate: " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
  }
}
