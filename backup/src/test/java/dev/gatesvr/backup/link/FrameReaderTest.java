package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
  private final FrameReader reader = new FrameReader();
  private final EmbeddedChannel channel = new EmbeddedChannel(reader);

  @Test
  void hasTheLayoutOfTheSpecification() {
    ByteBuf bytes = Frames.encode(ByteBufAllocator.DEFAULT, frame(7));
    assertThat(io.netty.buffer.ByteBufUtil.hexDump(bytes)).isEqualTo("00000004" + "2a021007");
    bytes.release();
  }

  @Test
  void readsFramesInPiecesAndTogether() {
    ByteBuf all = Unpooled.buffer();
    for (long lsn = 1; lsn <= 3; lsn++) {
      ByteBuf one = Frames.encode(ByteBufAllocator.DEFAULT, frame(lsn));
      all.writeBytes(one);
      one.release();
    }
    for (int piece = 1; piece <= all.readableBytes(); piece++) {
      for (int from = 0; from < all.readableBytes(); from += piece) {
        channel.writeInbound(all.copy(from, Math.min(piece, all.readableBytes() - from)));
      }
      for (long lsn = 1; lsn <= 3; lsn++) {
        assertThat(channel.<Object>readInbound()).isEqualTo(frame(lsn));
      }
    }
    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(channel.finish()).isFalse();
  }

  @Test
  void dropsEverythingAfterItsStopAndKeepsNoBuffer() {
    reader.stop();
    ByteBuf bytes = Frames.encode(ByteBufAllocator.DEFAULT, frame(1));
    channel.writeInbound(bytes);
    assertThat(bytes.refCnt()).isZero();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void growsItsBoundWhenTold() {
    int length = LinkSettings.HELLO_BYTES_MAX + 1;
    assertThatThrownBy(() -> channel.writeInbound(Unpooled.copyInt(length)))
        .isInstanceOf(CorruptedFrameException.class)
        .hasMessage("frame: 16385 bytes (expected: 1 to 16384)");
    FrameReader wider = new FrameReader();
    wider.framesUpTo(length);
    EmbeddedChannel other = new EmbeddedChannel(wider);
    assertThat(other.writeInbound(Unpooled.copyInt(length))).isFalse();
    other.finishAndReleaseAll();
  }
}
