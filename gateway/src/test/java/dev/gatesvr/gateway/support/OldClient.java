package dev.gatesvr.gateway.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.testkit.KwikPeer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client of GateSvr's wire over a QUIC stack that is not ours (Kwik). Sets no field above 19, and
 * fails on any message type above 19. Blocking.
 */
public final class OldClient implements AutoCloseable {
  private static final int TYPES_MAX = 19;
  private static final int QUEUE_MAX = 10_000;
  private static final int WAIT_SECONDS = 20;

  private final KwikPeer peer;
  private final LinkedBlockingQueue<ServerPush> received = new LinkedBlockingQueue<>(QUEUE_MAX);
  private final CountDownLatch ended = new CountDownLatch(1);
  private int nextMsgId = 1;

  private OldClient(KwikPeer peer) {
    this.peer = peer;
    Thread.startVirtualThread(this::readAll);
  }

  /** Kwik throws away what nobody has read when the connection closes, so this reads at once. */
  private void readAll() {
    try {
      while (true) {
        received.add(peer.receive());
      }
    } catch (IOException e) {
      ended.countDown();
    }
  }

  public static OldClient connect(RunningGateway gateway) throws IOException {
    return new OldClient(
        new KwikPeer(gateway.gateway().quicAddress(), gateway.certificate().certificate()));
  }

  /** Sends START; returns its answer. */
  public StartResponse start(String openid, long lastAcked) throws IOException {
    send(
        RequestType.REQUEST_START,
        0,
        StartRequest.newBuilder()
            .setOpenid(openid)
            .setAuthToken("any")
            .setLastAckedSeqId(lastAcked)
            .build()
            .toByteString());
    ServerPush push = next();
    assertThat(push.getType()).isEqualTo(PushType.PUSH_START_RESP);
    assertThat(push.getSeqId()).isZero();
    StartResponse response = StartResponse.parseFrom(push.getPayload());
    assertThat(response.getSuccess()).as("%s", response).isTrue();
    assertThat(response.getResumeToken().isEmpty()).as("a token for an old client").isTrue();
    return response;
  }

  public int request(long seq, String data) throws IOException {
    return send(
        RequestType.REQUEST_BUSINESS,
        seq,
        BusinessRequest.newBuilder()
            .setAction("echo")
            .setData(ByteString.copyFromUtf8(data))
            .build()
            .toByteString());
  }

  public void ack(long seq) throws IOException {
    send(
        RequestType.REQUEST_ACK,
        0,
        ClientAck.newBuilder().setAckedSeqId(seq).build().toByteString());
  }

  private int send(RequestType type, long seq, ByteString payload) throws IOException {
    int msgId = nextMsgId++;
    peer.send(
        ClientRequest.newBuilder()
            .setMsgId(msgId)
            .setSeqId(seq)
            .setType(type)
            .setPayload(payload)
            .build());
    return msgId;
  }

  /** The next message, whatever it is. */
  public ServerPush next() {
    try {
      ServerPush push = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(push).as("a message within %s s", WAIT_SECONDS).isNotNull();
      return checked(push);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ServerPush checked(ServerPush push) {
    assertThat(push.getTypeValue()).as("%s", push).isBetween(1, TYPES_MAX);
    return push;
  }

  /**
   * The codes of the errors that came before the close and were not looked at; nothing but errors
   * may have come. Kwik may lose the last one, because its close overtakes its readers.
   */
  public List<Integer> lastWords() throws Exception {
    assertThat(ended.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    List<Integer> codes = new ArrayList<>();
    while (!received.isEmpty()) {
      codes.add(error(0).getErrorCode());
    }
    return codes;
  }

  /** The next message, which must be data at this position; returns its text. */
  public String text(long seq) throws IOException {
    ServerPush push = next();
    assertThat(push.getType()).as("%s", push).isEqualTo(PushType.PUSH_BUSINESS_DATA);
    assertThat(push.getSeqId()).isEqualTo(seq);
    String content = push.getHeadersMap().get("x-push-content");
    return content == null
        ? BusinessResponse.parseFrom(push.getPayload()).getData().toStringUtf8()
        : content;
  }

  /** The next message, which must be an error at this position. */
  public ErrorMessage error(long seq) throws IOException {
    ServerPush push = next();
    assertThat(push.getType()).as("%s", push).isEqualTo(PushType.PUSH_ERROR);
    assertThat(push.getMsgId()).isZero();
    assertThat(push.getSeqId()).isEqualTo(seq);
    return ErrorMessage.parseFrom(push.getPayload());
  }

  /** The gateway's close code. */
  public long closeCode() {
    Long code = peer.awaitTerminated().applicationErrorCode();
    assertThat(code).isNotNull();
    return code;
  }

  /** Ends the connection from this side. */
  public void cut() {
    peer.close(0);
  }

  @Override
  public void close() {
    peer.close();
  }
}
