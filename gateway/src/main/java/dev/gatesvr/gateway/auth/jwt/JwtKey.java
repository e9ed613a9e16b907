package dev.gatesvr.gateway.auth.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;

/**
 * One key and the only algorithm it is used with.
 *
 * @param id its {@code kid}, empty when it has none
 */
record JwtKey(String id, JWSAlgorithm algorithm, JWSVerifier verifier, JWK jwk) {
  private static final int RSA_BITS_MIN = 2_048;

  /**
   * A key as RFC 7517 describes it.
   *
   * @throws IllegalArgumentException whose message is what was expected, without key material
   */
  static JwtKey of(JWK jwk) {
    JWSAlgorithm algorithm = algorithmOf(jwk);
    if (jwk.getAlgorithm() != null && !jwk.getAlgorithm().equals(algorithm)) {
      throw new IllegalArgumentException(
          "alg " + algorithm + " or none for a key of type " + jwk.getKeyType());
    }
    if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
      throw new IllegalArgumentException("use sig or none");
    }
    String id = jwk.getKeyID() == null ? "" : jwk.getKeyID();
    try {
      return new JwtKey(id, algorithm, verifierOf(jwk), jwk);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a usable key: " + e.getMessage(), e);
    }
  }

  private static JWSAlgorithm algorithmOf(JWK jwk) {
    return switch (jwk) {
      case OctetSequenceKey secret -> JWSAlgorithm.HS256;
      case RSAKey rsa when rsa.size() >= RSA_BITS_MIN -> JWSAlgorithm.RS256;
      case ECKey ec when ec.getCurve().equals(Curve.P_256) -> JWSAlgorithm.ES256;
      default ->
          throw new IllegalArgumentException(
              "an oct key, an RSA key of at least 2048 bits or an EC key on P-256");
    };
  }

  private static JWSVerifier verifierOf(JWK jwk) throws JOSEException {
    return switch (jwk) {
      case OctetSequenceKey secret -> new MACVerifier(secret);
      case RSAKey rsa -> new RSASSAVerifier(rsa.toPublicJWK());
      case ECKey ec -> new ECDSAVerifier(ec.toPublicJWK());
      default -> throw new IllegalStateException("key type: " + jwk.getKeyType());
    };
  }

  /** Whether tokens can be signed with it. */
  boolean canSign() {
    return jwk.isPrivate();
  }

  JWSSigner signer() throws JOSEException {
    return switch (jwk) {
      case OctetSequenceKey secret -> new MACSigner(secret);
      case RSAKey rsa -> new RSASSASigner(rsa);
      case ECKey ec -> new ECDSASigner(ec);
      default -> throw new IllegalStateException("key type: " + jwk.getKeyType());
    };
  }

  /** The name and algorithm only. */
  @Override
  public String toString() {
    return (id.isEmpty() ? "unnamed" : id) + " " + algorithm;
  }
}
