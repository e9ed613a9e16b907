package dev.gatesvr.transport.frame;

import static dev.gatesvr.proto.Limits.FRAME_BYTES_MAX;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.TransportObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameDecoderTest {
  /** msg_id 1, seq_id 2, BUSINESS, payload "hi", openid "p"; made by hand from PROTOCOL.md. */
  private static final String GOLDEN =
      "0000000d" + "0801" + "1002" + "1804" + "22026869" + "320170";

  private static final ClientRequest GOLDEN_REQUEST =
      ClientRequest.newBuilder()
          .setMsgId(1)
          .setSeqId(2)
          .setType(RequestType.REQUEST_BUSINESS)
          .setPayload(ByteString.copyFromUtf8("hi"))
          .setOpenid("p")
          .build();

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final List<ClientRequest> frames = new ArrayList<>();
  private final List<FrameFault> faults = new ArrayList<>();
  private final FrameDecoder<ClientRequest> decoder = decoder();

  private FrameDecoder<ClientRequest> decoder() {
    return new FrameDecoder<>(
        ClientRequest.parser(),
        allocator,
        TransportObserver.NONE,
        new FrameSink<>() {
          @Override
          public void onFrame(ClientRequest frame, long receivedNanos) {
            frames.add(frame);
          }

          @Override
          public void onFault(FrameFault fault) {
            faults.add(fault);
          }
        });
  }

  @AfterEach
  void nothingIsLeftAllocated() {
    decoder.stop();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  private void give(FrameDecoder<?> to, byte[] bytes, int from, int until) {
    ByteBuf in = allocator.directBuffer(Math.max(1, until - from));
    in.writeBytes(bytes, from, until - from);
    to.read(in);
    assertThat(in.refCnt()).isZero();
  }

  private void give(byte[] bytes) {
    give(decoder, bytes, 0, bytes.length);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  private static byte[] framed(ClientRequest... requests) {
    ByteBuf out = Unpooled.buffer();
    for (ClientRequest request : requests) {
      FrameEncoder.encode(request, request.getSerializedSize(), out);
    }
    return ByteBufUtil.getBytes(out);
  }

  private static ClientRequest ofSize(int bytes) {
    // Tag and length of the payload take four bytes at the sizes used here.
    ClientRequest request =
        ClientRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes - 4])).build();
    assertThat(request.getSerializedSize()).isEqualTo(bytes);
    return request;
  }

  @Test
  void readsTheGoldenBytes() {
    give(hex(GOLDEN));
    assertThat(frames).containsExactly(GOLDEN_REQUEST);
  }

  @Test
  void readsAFrameFromHeapMemory() {
    decoder.read(Unpooled.wrappedBuffer(hex("ff" + GOLDEN)).skipBytes(1));
    assertThat(frames).containsExactly(GOLDEN_REQUEST);
  }

  @Test
  void readsThreeFramesCutAtEveryPairOfOffsets() {
    ClientRequest other = GOLDEN_REQUEST.toBuilder().setMsgId(300).clearOpenid().build();
    byte[] bytes = framed(GOLDEN_REQUEST, other, GOLDEN_REQUEST);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        frames.clear();
        FrameDecoder<ClientRequest> fresh = decoder();
        give(fresh, bytes, 0, first);
        give(fresh, bytes, first, second);
        give(fresh, bytes, second, bytes.length);
        assertThat(frames).containsExactly(GOLDEN_REQUEST, other, GOLDEN_REQUEST);
        assertThat(fresh.end()).isTrue();
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void readsAFrameByteByByte() {
    byte[] bytes = framed(GOLDEN_REQUEST, GOLDEN_REQUEST);
    for (int i = 0; i < bytes.length; i++) {
      give(decoder, bytes, i, i + 1);
    }
    assertThat(frames).containsExactly(GOLDEN_REQUEST, GOLDEN_REQUEST);
  }

  @Test
  void readsTheLongestFrameInPiecesWithinItsOwnLength() {
    ClientRequest longest = ofSize(FRAME_BYTES_MAX);
    byte[] bytes = framed(longest);
    for (int i = 0; i < bytes.length; i += 1000) {
      give(decoder, bytes, i, Math.min(bytes.length, i + 1000));
      assertThat(decoder.bufferedBytes()).isLessThanOrEqualTo(FRAME_BYTES_MAX);
    }
    assertThat(frames).containsExactly(longest);
    assertThat(decoder.bufferedBytes()).isZero();
  }

  @Test
  void anAnnouncedLengthAllocatesNothingUntilItsBytesCome() {
    give(hex("00100000"));
    assertThat(decoder.bufferedBytes()).isZero();
    give(new byte[] {0x0a, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    assertThat(decoder.bufferedBytes()).isLessThanOrEqualTo(256);
  }

  @Test
  void refusesAnEmptyFrame() {
    give(hex("00000000" + GOLDEN));
    assertThat(faults).containsExactly(FrameFault.EMPTY);
    assertThat(frames).isEmpty();
  }

  @Test
  void refusesAFrameAboveOneMebibyteBeforeItsBody() {
    for (String length : List.of("00100001", "7fffffff", "80000000", "ffffffff")) {
      faults.clear();
      FrameDecoder<ClientRequest> fresh = decoder();
      give(fresh, hex(length), 0, 4);
      assertThat(faults).as(length).containsExactly(FrameFault.TOO_LARGE);
      give(fresh, new byte[100], 0, 100);
      assertThat(fresh.bufferedBytes()).isZero();
      assertThat(faults).hasSize(1);
    }
  }

  @Test
  void refusesWhatIsNotTheMessage() {
    // Cut field, invalid UTF-8 in openid, a lone end-group tag, field number 0, endless varint.
    for (String body : List.of("22ff", "3201ff", "0c", "00", "08ffffffffffffffffffffff")) {
      faults.clear();
      FrameDecoder<ClientRequest> fresh = decoder();
      byte[] bytes = hex(String.format("%08x", body.length() / 2) + body + GOLDEN);
      give(fresh, bytes, 0, bytes.length);
      assertThat(faults).as(body).containsExactly(FrameFault.NOT_PROTOBUF);
    }
    assertThat(frames).isEmpty();
  }

  @Test
  void toleratesUnknownFieldsAndEnumValues() {
    // Type 99, then field 100 as a varint.
    give(hex("00000005" + "1863" + "a00601"));
    assertThat(faults).isEmpty();
    assertThat(frames.getFirst().getType()).isEqualTo(RequestType.UNRECOGNIZED);
  }

  @Test
  void anEndInsideAHeaderOrABodyIsTruncated() {
    for (int cut = 1; cut < GOLDEN.length() / 2; cut++) {
      faults.clear();
      FrameDecoder<ClientRequest> fresh = decoder();
      give(fresh, hex(GOLDEN), 0, cut);
      assertThat(fresh.end()).isFalse();
      assertThat(faults).containsExactly(FrameFault.TRUNCATED);
      assertThat(fresh.bufferedBytes()).isZero();
    }
  }

  @Test
  void aSinkMayStopTheDecoderInTheMiddleOfABuffer() {
    List<ClientRequest> seen = new ArrayList<>();
    List<FrameDecoder<ClientRequest>> self = new ArrayList<>();
    self.add(
        new FrameDecoder<>(
            ClientRequest.parser(),
            allocator,
            TransportObserver.NONE,
            new FrameSink<>() {
              @Override
              public void onFrame(ClientRequest frame, long receivedNanos) {
                seen.add(frame);
                self.getFirst().stop();
              }

              @Override
              public void onFault(FrameFault fault) {
                faults.add(fault);
              }
            }));
    byte[] bytes = framed(GOLDEN_REQUEST, GOLDEN_REQUEST, GOLDEN_REQUEST);
    give(self.getFirst(), bytes, 0, 20);
    give(self.getFirst(), bytes, 20, bytes.length);
    assertThat(seen).hasSize(1);
    assertThat(faults).isEmpty();
  }

  @Test
  void aPayloadDoesNotShareMemoryWithTheBuffer() {
    ByteBuf in = allocator.directBuffer().writeBytes(hex(GOLDEN));
    in.retain();
    decoder.read(in);
    in.setZero(0, in.capacity());
    in.release();
    assertThat(frames.getFirst().getPayload().toStringUtf8()).isEqualTo("hi");
  }

  @Test
  void countsWholeFrames() {
    List<Integer> counted = new ArrayList<>();
    FrameDecoder<ClientRequest> counting =
        new FrameDecoder<>(
            ClientRequest.parser(),
            allocator,
            new TransportObserver() {
              @Override
              public void frameReceived(int bytes, long parseNanos) {
                counted.add(bytes);
                assertThat(parseNanos).isPositive();
              }

              @Override
              public void frameSent(int bytes, long encodeNanos) {}
            },
            new FrameSink<>() {
              @Override
              public void onFrame(ClientRequest frame, long receivedNanos) {}

              @Override
              public void onFault(FrameFault fault) {}
            });
    give(counting, hex(GOLDEN + GOLDEN), 0, GOLDEN.length());
    assertThat(counted).containsExactly(17, 17);
  }

  @Test
  void anyBytesInAnyPiecesGiveTheFramesBeforeTheFirstFault() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      frames.clear();
      faults.clear();
      ClientRequest[] sent = requests(random);
      byte[] bytes = framed(sent);
      int damagedAt = random.nextBoolean() ? random.nextInt(bytes.length) : bytes.length;
      if (damagedAt < bytes.length) {
        bytes[damagedAt] = (byte) random.nextInt();
      }
      FrameDecoder<ClientRequest> fresh = decoder();
      int at = 0;
      while (at < bytes.length) {
        int until = Math.min(bytes.length, at + 1 + random.nextInt(64));
        give(fresh, bytes, at, until);
        at = until;
      }
      fresh.end();
      fresh.stop();
      String context = "seed " + seed + " round " + round;
      int whole = framesBefore(sent, damagedAt);
      assertThat(frames.size()).as(context).isGreaterThanOrEqualTo(whole);
      assertThat(frames.subList(0, whole)).as(context).isEqualTo(List.of(sent).subList(0, whole));
      assertThat(faults.size()).as(context).isLessThanOrEqualTo(1);
      assertThat(allocator.metric().usedDirectMemory()).as(context).isZero();
    }
  }

  private static ClientRequest[] requests(Random random) {
    ClientRequest[] made = new ClientRequest[1 + random.nextInt(5)];
    for (int i = 0; i < made.length; i++) {
      byte[] payload = new byte[random.nextInt(200)];
      random.nextBytes(payload);
      made[i] =
          ClientRequest.newBuilder()
              .setMsgId(1 + random.nextInt(1000))
              .setPayload(ByteString.copyFrom(payload))
              .putHeaders("k" + i, "v")
              .build();
    }
    return made;
  }

  /** Frames that end before an offset. */
  private static int framesBefore(ClientRequest[] sent, int offset) {
    int end = 0;
    for (int i = 0; i < sent.length; i++) {
      end += 4 + sent[i].getSerializedSize();
      if (end > offset) {
        return i;
      }
    }
    return sent.length;
  }
}
