package dev.gatesvr.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Tokens of Retry packets: a client that sends one back owns its address (RFC 9000 section 8.1.2).
 * Not thread-safe; one per socket, all with the key of their listener.
 *
 * <pre>
 *   | issued, ms u64 | HMAC-SHA256(issued, address, port, original id) 32 | original id 0..20 |
 * </pre>
 *
 * <p>The original destination connection id comes last, because quiche takes it from there. A token
 * is valid for {@link #LIFETIME}, for one address and port.
 */
final class RetryTokens implements QuicTokenHandler {
  /**
   * As long as a client may go on with one handshake: our idle timeout. The codec drops an Initial
   * with an expired token without a word, and a client takes one Retry per connection (RFC 9000
   * section 17.2.5.2). So a client that backs off longer than a token lives can never finish. With
   * backoff it sends after 1, 3, 7, 15 and 31 seconds.
   */
  static final Duration LIFETIME = Duration.ofSeconds(60);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 32;
  private static final int ORIGINAL_ID_OFFSET = Long.BYTES + MAC_BYTES;
  private static final int INVALID = -1;

  private final Mac mac;
  private final BooleanSupplier wanted;
  private final LongSupplier clockMillis;

  /**
   * A token maker.
   *
   * @param wanted whether a client without a token is sent a Retry now
   * @param clockMillis a clock that does not go back
   */
  RetryTokens(SecretKey key, BooleanSupplier wanted, LongSupplier clockMillis) {
    this.mac = macOf(key);
    this.wanted = wanted;
    this.clockMillis = clockMillis;
  }

  private static Mac macOf(SecretKey key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK", e);
    }
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf originalId, InetSocketAddress client) {
    if (!wanted.getAsBoolean()) {
      return false;
    }
    long issuedMillis = clockMillis.getAsLong();
    byte[] original = ByteBufUtil.getBytes(originalId);
    out.writeLong(issuedMillis).writeBytes(sign(issuedMillis, client, original));
    out.writeBytes(original);
    return true;
  }

  @Override
  public int validateToken(ByteBuf token, InetSocketAddress client) {
    int start = token.readerIndex();
    int originalBytes = token.readableBytes() - ORIGINAL_ID_OFFSET;
    if (originalBytes < 0 || originalBytes > Quic.MAX_CONN_ID_LEN) {
      return INVALID;
    }
    long issuedMillis = token.getLong(start);
    long ageMillis = clockMillis.getAsLong() - issuedMillis;
    if (ageMillis < 0 || ageMillis > LIFETIME.toMillis()) {
      return INVALID;
    }
    byte[] claimed = ByteBufUtil.getBytes(token, start + Long.BYTES, MAC_BYTES);
    byte[] original = ByteBufUtil.getBytes(token, start + ORIGINAL_ID_OFFSET, originalBytes);
    boolean ours = MessageDigest.isEqual(claimed, sign(issuedMillis, client, original));
    return ours ? ORIGINAL_ID_OFFSET : INVALID;
  }

  private byte[] sign(long issuedMillis, InetSocketAddress client, byte[] originalId) {
    mac.update(ByteBuffer.allocate(Long.BYTES).putLong(0, issuedMillis));
    byte[] address = client.getAddress().getAddress();
    mac.update((byte) address.length);
    mac.update(address);
    mac.update(ByteBuffer.allocate(Short.BYTES).putShort(0, (short) client.getPort()));
    return mac.doFinal(originalId);
  }

  @Override
  public int maxTokenLength() {
    return ORIGINAL_ID_OFFSET + Quic.MAX_CONN_ID_LEN;
  }
}
