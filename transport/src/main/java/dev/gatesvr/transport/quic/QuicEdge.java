package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.frame.ConnectionEdge;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The QUIC connection under a stream. Confined to its loop, except {@link #remoteAddress}. */
final class QuicEdge implements ConnectionEdge {
  /**
   * QUIC drops what is unacknowledged when it closes, and a peer may drop what it has not read when
   * it hears of the close. The codec does not say what is acknowledged, so a close waits long
   * enough for one retransmission: a probe timeout is about three round trips and the peer's
   * largest ack delay.
   */
  private static final int LINGER_ROUND_TRIPS = 3;

  private static final long LINGER_EXTRA_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LINGER_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final QuicChannel channel;
  private volatile SocketAddress lastRemoteAddress;

  QuicEdge(QuicChannel channel) {
    this.channel = channel;
    this.lastRemoteAddress = channel.remoteSocketAddress();
  }

  @Override
  public String transport() {
    return "quic";
  }

  /** From the channel, whose path events have their ports byte-swapped. Null there once closed. */
  @Override
  public SocketAddress remoteAddress() {
    SocketAddress current = channel.remoteSocketAddress();
    if (current != null) {
      lastRemoteAddress = current;
    }
    return lastRemoteAddress;
  }

  @Override
  public long lingerNanos() {
    Future<QuicConnectionPathStats> stats = channel.collectPathStats(0);
    long roundTripNanos = stats.isSuccess() ? stats.getNow().rtt() : 0;
    return Math.min(LINGER_MAX_NANOS, LINGER_ROUND_TRIPS * roundTripNanos + LINGER_EXTRA_NANOS);
  }

  /** In a task of its own: the codec must not lose its native connection while it reads from it. */
  @Override
  public void close(CloseCode code) {
    channel.eventLoop().execute(() -> closeNow(channel, code));
  }

  /** Closes a connection with an application code. */
  static void closeNow(QuicChannel channel, CloseCode code) {
    // A code that never goes on the wire means that nobody is there to read one.
    int wireCode =
        code == CloseCode.CONNECTION_LOST ? CloseCode.NORMAL.wireCode() : code.wireCode();
    ByteBuf text = Unpooled.copiedBuffer(code.name(), StandardCharsets.US_ASCII);
    // The end is reported by channelInactive, however the close went.
    var unused = channel.close(true, wireCode, text);
  }
}
