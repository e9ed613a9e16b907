package dev.gatesvr.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops datagrams that are too short for the connection id they should carry. The dispatcher behind
 * it throws on such a datagram and does not release it, so that anyone could leak the gateway's
 * memory with three bytes.
 *
 * <pre>
 *   1-RTT Packet { Header Form (1) = 0, Fixed Bit (1), ..., Destination Connection ID (0..160), ... }
 * </pre>
 *
 * (RFC 9000 section 17.3.1)
 */
@Sharable
final class ShortPacketFilter extends ChannelInboundHandlerAdapter {
  private static final int LONG_HEADER_BIT = 0x80;

  private final int connectionIdBytes;

  ShortPacketFilter(int connectionIdBytes) {
    this.connectionIdBytes = connectionIdBytes;
  }

  /** True when a destination connection id can be read from a datagram. */
  static boolean holdsConnectionId(ByteBuf datagram, int connectionIdBytes) {
    if (!datagram.isReadable()) {
      return false;
    }
    boolean longHeader = (datagram.getByte(datagram.readerIndex()) & LONG_HEADER_BIT) != 0;
    return longHeader || datagram.readableBytes() > connectionIdBytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    if (holdsConnectionId(packet.content(), connectionIdBytes)) {
      ctx.fireChannelRead(packet);
    } else {
      packet.release();
    }
  }
}
