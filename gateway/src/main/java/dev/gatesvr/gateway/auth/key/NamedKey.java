package dev.gatesvr.gateway.auth.key;

import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret and the name under which tokens refer to it. Immutable. Written {@code id:base64}, where
 * the base64 is of either alphabet, padded or not.
 */
public final class NamedKey {
  /** Bytes of an AES-256 key. */
  public static final int AEAD_BYTES = 32;

  /** Longest name; it is part of every token. */
  public static final int ID_CHARS_MAX = 32;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1," + ID_CHARS_MAX + "}");

  private final String id;
  private final byte[] bytes;
  private final SecretKey aes;

  /**
   * A key.
   *
   * @param id 1 to {@value #ID_CHARS_MAX} letters, digits, underscores or hyphens
   * @param bytes the secret, copied; not empty
   * @throws IllegalArgumentException otherwise
   */
  public NamedKey(String id, byte[] bytes) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "a key id of 1 to " + ID_CHARS_MAX + " letters, digits, _ or -");
    }
    this.id = id;
    this.bytes = bytes.clone();
    this.aes = new SecretKeySpec(this.bytes, "AES");
  }

  /**
   * Reads {@code id:base64}.
   *
   * @param bytesMin fewest bytes of the secret
   * @param bytesMax most bytes
   * @throws IllegalArgumentException whose message is what was expected; it never quotes the line
   */
  public static NamedKey parse(String line, int bytesMin, int bytesMax) {
    int colon = line.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("id:base64");
    }
    byte[] secret = base64(line.substring(colon + 1).strip());
    if (secret.length < bytesMin || secret.length > bytesMax) {
      String range = bytesMin == bytesMax ? "" + bytesMin : bytesMin + " to " + bytesMax;
      throw new IllegalArgumentException(
          "base64 of " + range + " bytes, here it is of " + secret.length);
    }
    return new NamedKey(line.substring(0, colon).strip(), secret);
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
    } catch (IllegalArgumentException e) {
      // The decoder's message quotes characters of the secret.
      throw new IllegalArgumentException("id:base64, and the part after the colon is no base64");
    }
  }

  public String id() {
    return id;
  }

  /** The secret; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  SecretKey aes() {
    return aes;
  }

  /** As {@link #parse} reads it: the secret in the clear, for whoever writes a key file. */
  public String line() {
    return id + ":" + Base64.getEncoder().encodeToString(bytes);
  }

  /** The name only. */
  @Override
  public String toString() {
    return "NamedKey[" + id + "]";
  }
}
