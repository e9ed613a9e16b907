package dev.gatesvr.upstream.route;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The zone of a player (PROTOCOL.md §4): MD5 of the OpenID's UTF-8 bytes, the first four bytes as a
 * big-endian unsigned number, modulo six. MD5 only spreads here; it protects nothing.
 *
 * <p>Thread-safe: the one digest object is never updated, only cloned, which also spares the
 * provider lookup.
 */
public final class ZoneRouter {
  private static final MessageDigest PRISTINE_MD5 = pristineMd5();

  private ZoneRouter() {}

  /**
   * The zone that owns a player.
   *
   * @throws IllegalArgumentException when the OpenID is empty: that is an error, never a zone
   */
  public static ZoneId zoneOf(String openid) {
    if (openid.isEmpty()) {
      throw new IllegalArgumentException("openid: \"\" (expected: not empty)");
    }
    byte[] digest = copyOfPristine().digest(openid.getBytes(StandardCharsets.UTF_8));
    int word =
        (digest[0] & 0xff) << 24
            | (digest[1] & 0xff) << 16
            | (digest[2] & 0xff) << 8
            | (digest[3] & 0xff);
    return ZoneId.ofNumber(Integer.remainderUnsigned(word, ZoneId.COUNT) + 1);
  }

  private static MessageDigest copyOfPristine() {
    try {
      return (MessageDigest) PRISTINE_MD5.clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the constructor path checked that it clones", e);
    }
  }

  private static MessageDigest pristineMd5() {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      return (MessageDigest) md5.clone();
    } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
      throw new IllegalStateException("this Java platform has no MD5 that can be cloned", e);
    }
  }
}
