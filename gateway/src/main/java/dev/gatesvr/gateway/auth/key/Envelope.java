package dev.gatesvr.gateway.auth.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * A few bytes under AES-256-GCM (NIST SP 800-38D). Thread-safe, never blocks.
 *
 * <pre>
 *   version u8 = 1 | length of the key id u8 | key id, ASCII | nonce 12 | ciphertext | tag 16
 *   associated data: the purpose, ASCII | everything before the nonce
 * </pre>
 *
 * The purpose keeps what was sealed for one use from being opened for another, also when both share
 * a key. Nonces are random, so one key should seal no more than 2^32 messages.
 */
public final class Envelope {
  /** Bytes that sealing adds at most. */
  public static final int OVERHEAD_MAX = 2 + NamedKey.ID_CHARS_MAX + 12 + 16;

  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final byte[] purpose;
  private final int plainBytesMax;
  private final Supplier<KeyRing> keys;
  private final SecureRandom random = new SecureRandom();

  /** What opening gave. */
  public sealed interface Opening {
    /**
     * The sealed bytes are whole.
     *
     * @param plain what was sealed, from its first byte on
     */
    record Plain(ByteBuffer plain) implements Opening {}

    /** Why they are not. */
    enum Failure implements Opening {
      /** Not of this format. */
      MALFORMED,
      /** Sealed under a key that is not, or no longer, in the ring. */
      UNKNOWN_KEY,
      /** Not what the key's holder sealed for this purpose. */
      ALTERED
    }
  }

  /**
   * A format for one purpose.
   *
   * @param plainBytesMax the longest that is sealed or opened
   * @param keys asked on every call
   */
  public Envelope(String purpose, int plainBytesMax, Supplier<KeyRing> keys) {
    this.purpose = purpose.getBytes(StandardCharsets.US_ASCII);
    this.plainBytesMax = plainBytesMax;
    this.keys = keys;
  }

  /**
   * Seals with the newest key.
   *
   * @throws IllegalArgumentException when it is longer than this envelope's maximum
   */
  public byte[] seal(byte[] plain) {
    if (plain.length > plainBytesMax) {
      throw new IllegalArgumentException(
          "bytes to seal: " + plain.length + " (expected: <= " + plainBytesMax + ")");
    }
    NamedKey key = keys.get().newest();
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = new byte[2 + id.length + NONCE_BYTES + plain.length + TAG_BYTES];
    sealed[0] = VERSION;
    sealed[1] = (byte) id.length;
    System.arraycopy(id, 0, sealed, 2, id.length);
    int head = 2 + id.length;
    System.arraycopy(nonce, 0, sealed, head, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, sealed, head);
      cipher.doFinal(plain, 0, plain.length, sealed, head + NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot seal with " + key, e);
    }
    return sealed;
  }

  /** Opens what any key of the ring sealed. Takes any bytes. */
  public Opening open(byte[] sealed) {
    if (!isWellFormed(sealed)) {
      return Opening.Failure.MALFORMED;
    }
    int head = headLength(sealed);
    @Nullable NamedKey key =
        keys.get().find(new String(sealed, 2, head - 2, StandardCharsets.ISO_8859_1));
    if (key == null) {
      return Opening.Failure.UNKNOWN_KEY;
    }
    int body = head + NONCE_BYTES;
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, sealed, head);
      return new Opening.Plain(ByteBuffer.wrap(cipher.doFinal(sealed, body, sealed.length - body)));
    } catch (AEADBadTagException e) {
      return Opening.Failure.ALTERED;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot open with " + key, e);
    }
  }

  private boolean isWellFormed(byte[] sealed) {
    if (sealed.length < 2 || sealed[0] != VERSION) {
      return false;
    }
    int plain = sealed.length - headLength(sealed) - NONCE_BYTES - TAG_BYTES;
    return plain >= 0 && plain <= plainBytesMax;
  }

  /** Bytes before the nonce. */
  private static int headLength(byte[] sealed) {
    return 2 + (sealed[1] & 0xff);
  }

  private Cipher cipher(int mode, NamedKey key, byte[] sealed, int head)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        key.aes(),
        new GCMParameterSpec(8 * TAG_BYTES, Arrays.copyOfRange(sealed, head, head + NONCE_BYTES)));
    cipher.updateAAD(purpose);
    cipher.updateAAD(sealed, 0, head);
    return cipher;
  }
}
