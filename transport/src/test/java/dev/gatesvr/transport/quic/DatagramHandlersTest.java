package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class DatagramHandlersTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  private static final class Flushes extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void flush(ChannelHandlerContext ctx) {
      count++;
      ctx.flush();
    }
  }

  private static boolean passes(int firstByte, int length) {
    EmbeddedChannel channel = new EmbeddedChannel(new ShortPacketFilter(20));
    ByteBuf content = Unpooled.directBuffer().writeZero(length);
    if (length > 0) {
      content.setByte(0, firstByte);
    }
    boolean passed = channel.writeInbound(new DatagramPacket(content, ANY, ANY));
    assertThat(content.refCnt()).isEqualTo(passed ? 1 : 0);
    channel.finishAndReleaseAll();
    return passed;
  }

  @Test
  void dropsAndReleasesWhatCannotHoldAConnectionId() {
    for (int length = 0; length <= 20; length++) {
      assertThat(passes(0x40, length)).as("short header, %s bytes", length).isFalse();
    }
    assertThat(passes(0x40, 21)).isTrue();
    assertThat(passes(0xc0, 0)).isFalse();
    assertThat(passes(0xc0, 5)).isTrue();
  }

  @Test
  void flushesOfOneTurnBecomeOne() {
    Flushes flushes = new Flushes();
    EmbeddedChannel channel = new EmbeddedChannel(flushes, new FlushCoalescer());
    for (int i = 0; i < 10; i++) {
      channel.pipeline().flush();
    }
    assertThat(flushes.count).isZero();
    channel.runPendingTasks();
    assertThat(flushes.count).isEqualTo(1);
  }

  @Test
  void flushesOfAReadBurstLeaveAtItsEnd() {
    Flushes flushes = new Flushes();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            flushes,
            new FlushCoalescer(),
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext ctx, Object message) {
                ctx.flush();
              }
            });
    channel.pipeline().fireChannelRead("a").fireChannelRead("b");
    channel.runPendingTasks();
    assertThat(flushes.count).isZero();
    channel.pipeline().fireChannelReadComplete();
    assertThat(flushes.count).isEqualTo(1);
  }

  @Test
  void closingFlushesWhatIsHeld() {
    Flushes flushes = new Flushes();
    EmbeddedChannel channel = new EmbeddedChannel(flushes, new FlushCoalescer());
    channel.pipeline().flush();
    channel.close().syncUninterruptibly();
    assertThat(flushes.count).isEqualTo(1);
  }
}
