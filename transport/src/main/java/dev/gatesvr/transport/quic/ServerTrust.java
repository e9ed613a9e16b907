package dev.gatesvr.transport.quic;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** How a client decides whether a server is the one it wants. */
public sealed interface ServerTrust {
  /** The JDK's own list of authorities. */
  record SystemAuthorities() implements ServerTrust {}

  /** These authorities (or self-signed leaves) and no others. */
  record Authorities(List<X509Certificate> certificates) implements ServerTrust {
    public Authorities {
      certificates = List.copyOf(certificates);
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("authorities: none (expected: at least one)");
      }
    }
  }

  /** Anybody. For development: nothing protects the player from an impostor. */
  record Anybody() implements ServerTrust {}

  /** The authorities in a PEM file. */
  static ServerTrust ofPem(Path file) throws IOException {
    return new Authorities(TlsIdentity.certificates(file));
  }
}
