package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.testkit.KwikPeer;
import dev.gatesvr.testkit.LeakWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An independent QUIC implementation (Kwik) speaks the protocol, well and badly. After every
 * mistake a player who was there before is served as if nothing had happened.
 */
@ExtendWith(LeakWatch.class)
class HostileInputTest {
  private final RunningGateway gateway = RunningGateway.start();
  private final RawPlayer bystander = gateway.login("10000");

  @BeforeEach
  void startZone() {
    gateway.zone("003");
  }

  @AfterEach
  void nobodyElseNotices() {
    bystander.request("echo", "still here");
    assertThat(bystander.nextBody().getData().toStringUtf8()).isEqualTo("still here");
    gateway.close();
  }

  @Test
  void independentClientIsServed() throws Exception {
    try (KwikPeer kwik = connect()) {
      start(kwik);
      kwik.send(
          ClientRequest.newBuilder()
              .setMsgId(9)
              .setSeqId(1)
              .setType(RequestType.REQUEST_BUSINESS)
              .setPayload(
                  BusinessRequest.newBuilder()
                      .setAction("echo")
                      .setData(ByteString.copyFromUtf8("from Kwik"))
                      .build()
                      .toByteString())
              .build());
      ServerPush answer = kwik.receive();
      assertThat(answer.getMsgId()).isEqualTo(9);
      assertThat(answer.getSeqId()).isEqualTo(1);
      assertThat(RawPlayer.body(answer).getData().toStringUtf8()).isEqualTo("from Kwik");
    }
  }

  @Test
  void frameAboveOneMebibyteIsRefusedBeforeItsBody() throws Exception {
    try (KwikPeer kwik = connect()) {
      start(kwik);
      kwik.sendRaw(new byte[] {0x00, 0x10, 0x00, 0x01});
      ErrorMessage error = error(kwik.receive());
      assertThat(error.getErrorCode()).isEqualTo(400);
      assertThat(error.getDetail()).contains("1048576");
      assertThat(closeCode(kwik)).isEqualTo(413);
    }
  }

  @Test
  void emptyFrameIsMalformed() throws Exception {
    try (KwikPeer kwik = connect()) {
      start(kwik);
      kwik.sendRaw(new byte[4]);
      assertThat(error(kwik.receive()).getErrorCode()).isEqualTo(400);
      assertThat(closeCode(kwik)).isEqualTo(400);
    }
  }

  @Test
  void garbageInsteadOfProtobufIsMalformed() throws Exception {
    try (KwikPeer kwik = connect()) {
      start(kwik);
      kwik.sendRaw(new byte[] {0, 0, 0, 3, (byte) 0xff, (byte) 0xff, (byte) 0xff});
      assertThat(error(kwik.receive()).getErrorCode()).isEqualTo(400);
      assertThat(closeCode(kwik)).isEqualTo(400);
    }
  }

  @Test
  void garbageAsFirstMessageIsMalformed() throws Exception {
    try (KwikPeer kwik = connect()) {
      kwik.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(error(kwik.receive()).getErrorCode()).isEqualTo(400);
      assertThat(closeCode(kwik)).isEqualTo(413);
    }
  }

  @Test
  void silenceAfterConnectingIsClosedAfterTenSeconds() throws Exception {
    try (KwikPeer kwik = connect()) {
      // Two bytes of a length: a stream, but never a message.
      kwik.sendRaw(new byte[2]);
      long startedNanos = System.nanoTime();
      assertThat(error(kwik.receive()).getErrorCode()).isEqualTo(401);
      assertThat(System.nanoTime() - startedNanos).isBetween(9_000_000_000L, 15_000_000_000L);
      assertThat(closeCode(kwik)).isEqualTo(408);
    }
  }

  @Test
  void otherApplicationProtocolIsRefusedInTheHandshake() {
    assertThatThrownBy(
            () ->
                new KwikPeer(
                    gateway.gateway().quicAddress(), gateway.certificate().certificate(), "h3"))
        .isInstanceOf(IOException.class);
  }

  private KwikPeer connect() throws IOException {
    return new KwikPeer(gateway.gateway().quicAddress(), gateway.certificate().certificate());
  }

  private static void start(KwikPeer kwik) throws IOException {
    kwik.send(
        ClientRequest.newBuilder()
            .setMsgId(1)
            .setType(RequestType.REQUEST_START)
            .setPayload(
                StartRequest.newBuilder()
                    .setOpenid("99999")
                    .setAuthToken("t")
                    .build()
                    .toByteString())
            .build());
    assertThat(RawPlayer.startResponse(kwik.receive()).getSuccess()).isTrue();
  }

  private static long closeCode(KwikPeer kwik) {
    Long code = kwik.awaitTerminated().applicationErrorCode();
    assertThat(code).isNotNull();
    return code;
  }

  private static ErrorMessage error(ServerPush push) {
    assertThat(push.getType()).as("%s", push).isEqualTo(PushType.PUSH_ERROR);
    return RawPlayer.error(push);
  }
}
