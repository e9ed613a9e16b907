package dev.gatesvr.cmd.gencerts;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes keys and signs certificates in the profile of RFC 5280: a CA that may sign leaves only, and
 * server leaves with names, usages and key identifiers.
 *
 * @param rsaBits 0 makes ECDSA P-256 keys
 * @param now the time of issue; clocks of clients may be {@link #BACKDATED} behind it
 */
record Issuer(int rsaBits, Instant now, SecureRandom random) {
  static final Duration BACKDATED = Duration.ofHours(1);
  static final X500Name CA_NAME = new X500Name("CN=gatesvr development CA,O=gatesvr");

  private static final X500Name SERVER_NAME = new X500Name("CN=gatesvr server,O=gatesvr");

  /** 20 octets at most, positive (RFC 5280 §4.1.2.2). */
  private static final int SERIAL_BITS = 159;

  static X500Principal caPrincipal() throws IOException {
    return new X500Principal(CA_NAME.getEncoded());
  }

  /** A new CA, signed by itself. */
  CertificatePair authority(Duration validity) throws GeneralSecurityException {
    KeyPair keys = newKeys();
    try {
      X509v3CertificateBuilder builder =
          builder(CA_NAME, now.plus(validity), CA_NAME, keys.getPublic(), keys.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return new CertificatePair(List.of(sign(builder, keys.getPrivate())), keys.getPrivate());
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException("cannot make a CA certificate", e);
    }
  }

  /**
   * A new server certificate followed by its CA's chain. It never outlives the CA. It may prove a
   * client too, as the link between the two gateways of a pair asks for.
   *
   * @param authority signs it
   */
  CertificatePair server(CertificatePair authority, List<Host> hosts, Duration validity)
      throws GeneralSecurityException {
    KeyPair keys = newKeys();
    X509Certificate ca = authority.leaf();
    Instant end = earlier(now.plus(validity), ca.getNotAfter().toInstant());
    try {
      X509v3CertificateBuilder builder =
          builder(
              X500Name.getInstance(ca.getSubjectX500Principal().getEncoded()),
              end,
              SERVER_NAME,
              keys.getPublic(),
              ca.getPublicKey());
      int usage = KeyUsage.digitalSignature | (rsaBits > 0 ? KeyUsage.keyEncipherment : 0);
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(hosts.stream().map(Host::generalName).toArray(GeneralName[]::new)));
      X509Certificate leaf = sign(builder, authority.key());
      return new CertificatePair(
          Stream.concat(Stream.of(leaf), authority.chain().stream()).toList(), keys.getPrivate());
    } catch (CertIOException | OperatorCreationException e) {
      throw new GeneralSecurityException("cannot make a server certificate", e);
    }
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, Instant end, X500Name subject, PublicKey key, PublicKey issuerKey)
      throws GeneralSecurityException, CertIOException {
    JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(BACKDATED)),
            Date.from(end),
            subject,
            key)
        .addExtension(
            Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key))
        .addExtension(
            Extension.authorityKeyIdentifier,
            false,
            identifiers.createAuthorityKeyIdentifier(issuerKey));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder(CertificatePair.signatureOf(key)).build(key)));
  }

  private KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(rsaBits > 0 ? "RSA" : "EC");
    if (rsaBits > 0) {
      generator.initialize(rsaBits, random);
    } else {
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    }
    return generator.generateKeyPair();
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
