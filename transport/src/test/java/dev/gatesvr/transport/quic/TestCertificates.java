package dev.gatesvr.transport.quic;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority and what it signs, made anew for each test run. */
final class TestCertificates {
  private static final Duration VALIDITY = Duration.ofDays(1);

  private final KeyPair caKey = newKey();
  private final X500Name caName;
  private final X509Certificate ca;

  TestCertificates(String name) {
    this.caName = new X500Name("CN=" + name);
    X509v3CertificateBuilder builder = builder(caName, caKey);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      this.ca = sign(builder);
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  X509Certificate ca() {
    return ca;
  }

  /** A server's identity for names: host names, or addresses. */
  TlsIdentity identity(GeneralName... names) {
    KeyPair key = newKey();
    X509v3CertificateBuilder builder = builder(new X500Name("CN=server"), key);
    try {
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      return new TlsIdentity(List.of(sign(builder), ca), key.getPrivate());
    } catch (CertIOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For localhost and 127.0.0.1. */
  TlsIdentity local() {
    return identity(
        new GeneralName(GeneralName.dNSName, "localhost"),
        new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509v3CertificateBuilder builder(X500Name subject, KeyPair key) {
    Instant now = Instant.now();
    return new JcaX509v3CertificateBuilder(
        caName,
        BigInteger.valueOf(System.nanoTime()),
        Date.from(now.minus(VALIDITY)),
        Date.from(now.plus(VALIDITY)),
        subject,
        key.getPublic());
  }

  private X509Certificate sign(X509v3CertificateBuilder builder) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
