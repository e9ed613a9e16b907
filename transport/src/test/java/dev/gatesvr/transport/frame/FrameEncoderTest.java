package dev.gatesvr.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.FrameFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class FrameEncoderTest {
  private static final ServerPush PUSH =
      ServerPush.newBuilder()
          .setMsgId(7)
          .setSeqId(300)
          .setType(PushType.PUSH_BUSINESS_DATA)
          .setPayload(ByteString.copyFromUtf8("ok"))
          .build();

  private static final String GOLDEN = "0000000b" + "0807" + "10ac02" + "1803" + "22026f6b";

  @Test
  void writesTheGoldenBytesToDirectAndHeapMemory() {
    for (ByteBuf out : new ByteBuf[] {Unpooled.directBuffer(1), Unpooled.buffer(1)}) {
      FrameEncoder.encode(PUSH, PUSH.getSerializedSize(), out);
      FrameEncoder.encode(PUSH, PUSH.getSerializedSize(), out);
      assertThat(ByteBufUtil.hexDump(out)).isEqualTo(GOLDEN + GOLDEN);
      out.release();
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    ByteBuf out = Unpooled.buffer();
    assertThatThrownBy(() -> FrameEncoder.encode(ServerPush.getDefaultInstance(), 0, out))
        .hasMessage("frame length: 0 (expected: 1 to 1048576)");
    assertThat(FrameEncoder.fits(1_048_576)).isTrue();
    assertThat(FrameEncoder.fits(1_048_577)).isFalse();
  }

  @Test
  void aLengthIsOneToOneMebibyteUnsigned() {
    assertThat(FrameLength.faultOf(0)).isEqualTo(FrameFault.EMPTY);
    assertThat(FrameLength.faultOf(1)).isNull();
    assertThat(FrameLength.faultOf(1_048_576)).isNull();
    assertThat(FrameLength.faultOf(1_048_577)).isEqualTo(FrameFault.TOO_LARGE);
    assertThat(FrameLength.faultOf(Integer.MIN_VALUE)).isEqualTo(FrameFault.TOO_LARGE);
    assertThat(FrameLength.faultOf(-1)).isEqualTo(FrameFault.TOO_LARGE);
  }
}
