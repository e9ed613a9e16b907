package dev.gatesvr.gateway.auth.resume;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.auth.key.Envelope;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Reason;
import dev.gatesvr.proto.Limits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Makes and reads resume tokens. Thread-safe, never blocks; a call costs a few microseconds.
 *
 * <pre>
 *   expiry, Unix ms i64 | generation i64 | attach i64 | length u8 | session id | openid, UTF-8
 * </pre>
 *
 * in an {@link Envelope}, big-endian.
 */
public final class ResumeTokens {
  /** Longest session id in UTF-8 bytes. */
  public static final int SESSION_ID_BYTES_MAX = 64;

  private static final int FIXED_BYTES = 3 * Long.BYTES + 1;
  private static final int PLAIN_BYTES_MAX =
      FIXED_BYTES + SESSION_ID_BYTES_MAX + Limits.OPENID_BYTES_MAX;

  /** No token is longer; a longer one is refused before it is read. */
  public static final int TOKEN_BYTES_MAX = PLAIN_BYTES_MAX + Envelope.OVERHEAD_MAX;

  private final Envelope envelope;
  private final Duration ttl;
  private final InstantSource clock;

  /**
   * Tokens under these keys.
   *
   * @param keys asked on every call, so that a rotation takes effect at once
   * @param ttl how long a token can be used
   */
  public ResumeTokens(Supplier<KeyRing> keys, Duration ttl, InstantSource clock) {
    this.envelope = new Envelope("gatesvr-resume", PLAIN_BYTES_MAX, keys);
    this.ttl = ttl;
    this.clock = clock;
  }

  /**
   * A token for the claim, good until {@code ttl} from now.
   *
   * @return at most {@link #TOKEN_BYTES_MAX} bytes
   * @throws IllegalArgumentException when the session id or the OpenID is longer than it may be
   */
  public ByteString seal(ResumeClaim claim) {
    byte[] sessionId = bytes("session id", claim.sessionId(), SESSION_ID_BYTES_MAX);
    byte[] openid = bytes("openid", claim.openid(), Limits.OPENID_BYTES_MAX);
    ByteBuffer plain =
        ByteBuffer.allocate(FIXED_BYTES + sessionId.length + openid.length)
            .putLong(clock.instant().plus(ttl).toEpochMilli())
            .putLong(claim.generation())
            .putLong(claim.attach())
            .put((byte) sessionId.length)
            .put(sessionId)
            .put(openid);
    return ByteString.copyFrom(envelope.seal(plain.array()));
  }

  private static byte[] bytes(String what, String text, int max) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > max) {
      throw new IllegalArgumentException(
          what + " bytes: " + bytes.length + " (expected: <= " + max + ")");
    }
    return bytes;
  }

  /**
   * Reads what a client presents.
   *
   * @param token any bytes
   * @param openid who the client says to be
   */
  public ResumeResult open(ByteString token, String openid) {
    if (token.size() > TOKEN_BYTES_MAX) {
      return new ResumeResult.Refused(Reason.MALFORMED);
    }
    return switch (envelope.open(token.toByteArray())) {
      case Envelope.Opening.Plain plain -> read(plain.plain(), openid);
      case Envelope.Opening.Failure failure -> new ResumeResult.Refused(reason(failure));
    };
  }

  private ResumeResult read(ByteBuffer plain, String openid) {
    if (plain.remaining() < FIXED_BYTES) {
      return new ResumeResult.Refused(Reason.MALFORMED);
    }
    long expiryMillis = plain.getLong();
    long generation = plain.getLong();
    long attach = plain.getLong();
    int sessionIdLength = plain.get() & 0xff;
    if (sessionIdLength > plain.remaining()) {
      return new ResumeResult.Refused(Reason.MALFORMED);
    }
    String sessionId = text(plain, sessionIdLength);
    String owner = text(plain, plain.remaining());
    if (!owner.equals(openid)) {
      return new ResumeResult.Refused(Reason.FOREIGN);
    }
    if (clock.millis() >= expiryMillis) {
      return new ResumeResult.Refused(Reason.EXPIRED);
    }
    return new ResumeResult.Opened(new ResumeClaim(sessionId, owner, generation, attach));
  }

  private static String text(ByteBuffer from, int length) {
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Reason reason(Envelope.Opening.Failure failure) {
    return switch (failure) {
      case MALFORMED -> Reason.MALFORMED;
      case UNKNOWN_KEY -> Reason.UNKNOWN_KEY;
      case ALTERED -> Reason.ALTERED;
    };
  }
}
