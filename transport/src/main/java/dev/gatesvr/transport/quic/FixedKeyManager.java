package dev.gatesvr.transport.quic;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The one identity of a listener. The codec asks for the key in every handshake; the JDK's key
 * manager would search its store, check the chain and encode the key anew each time.
 */
final class FixedKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "listener";

  private final X509Certificate[] chain;
  private final EncodedKey key;

  FixedKeyManager(TlsIdentity identity) {
    this.chain = identity.chain().toArray(X509Certificate[]::new);
    this.key = new EncodedKey(identity.key());
  }

  /** The codec names key types as TLS does, and the JDK names the algorithm the same way. */
  private @Nullable String aliasFor(String keyType) {
    return keyType.equals(key.getAlgorithm()) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    return aliasFor(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return aliasFor(keyType);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {ALIAS};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  /** A key that was encoded once. */
  private static final class EncodedKey implements PrivateKey {
    private static final long serialVersionUID = 1L;

    private final String algorithm;
    private final String format;
    private final byte[] encoded;

    EncodedKey(PrivateKey key) {
      this.algorithm = key.getAlgorithm();
      this.format = key.getFormat();
      this.encoded = key.getEncoded();
    }

    @Override
    public String getAlgorithm() {
      return algorithm;
    }

    @Override
    public String getFormat() {
      return format;
    }

    @Override
    public byte[] getEncoded() {
      return encoded.clone();
    }
  }
}
