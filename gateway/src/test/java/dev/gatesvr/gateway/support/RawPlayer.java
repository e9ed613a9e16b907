package dev.gatesvr.gateway.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.quic.QuicConnector;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A player who speaks GateSvr's wire by hand, one message at a time, from a test's thread. */
public final class RawPlayer implements ConnectionHandler<ServerPush> {
  private static final int WAIT_SECONDS = 20;

  private final LinkedBlockingQueue<ServerPush> received = new LinkedBlockingQueue<>(100_000);
  private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
  private @Nullable Connection connection;
  private int nextMsgId = 1;
  private long nextSeq = 1;
  private long lastSeq;

  static RawPlayer connect(QuicConnector connector, InetSocketAddress address) {
    RawPlayer player = new RawPlayer();
    player.connection =
        get(
            connector
                .connect(address, opened -> player, ServerPush.parser())
                .toCompletableFuture());
    return player;
  }

  // ---------------------------------------------------------------- sending

  /** Sends and expects success; returns the answer. */
  public StartResponse start(String openid, long lastAcked) {
    return start(StartRequest.newBuilder().setOpenid(openid).setLastAckedSeqId(lastAcked));
  }

  public StartResponse start(StartRequest.Builder start) {
    send(RequestType.REQUEST_START, 0, start.build());
    StartResponse response = startResponse(next());
    assertThat(response.getSuccess()).as("%s", response).isTrue();
    return response;
  }

  /** Sends one BUSINESS request under the next sequence; returns its msg_id. */
  public int request(String action, String data) {
    return request(nextSeq++, action, data);
  }

  public int request(long seq, String action, String data) {
    return send(
        RequestType.REQUEST_BUSINESS,
        seq,
        BusinessRequest.newBuilder()
            .setAction(action)
            .putAllParams(Map.of("p", "v"))
            .setData(ByteString.copyFromUtf8(data))
            .build());
  }

  /** The next sequence that {@link #request(String, String)} will use. */
  public void continueFrom(long seq) {
    nextSeq = seq;
  }

  public void ack(long seq) {
    send(RequestType.REQUEST_ACK, 0, ClientAck.newBuilder().setAckedSeqId(seq).build());
  }

  public int send(RequestType type, long seq, MessageLite payload) {
    return send(
        ClientRequest.newBuilder().setType(type).setSeqId(seq).setPayload(payload.toByteString()));
  }

  public int send(ClientRequest.Builder frame) {
    int msgId = nextMsgId++;
    ClientRequest whole = frame.setMsgId(msgId).build();
    Connection open = connection();
    open.loop().execute(() -> open.send(whole));
    return msgId;
  }

  public Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("not connected");
    }
    return connection;
  }

  /** Ends the connection from the player's side. */
  public void cut() {
    Connection open = connection();
    open.loop().execute(() -> open.close(CloseCode.NORMAL));
    get(closed);
  }

  // ---------------------------------------------------------------- receiving

  /** The next message, whatever it is. */
  public ServerPush next() {
    try {
      ServerPush push = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
      assertThat(push)
          .as("a message within %s s after position %s, %s", WAIT_SECONDS, lastSeq, closed)
          .isNotNull();
      return push;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The next message of the history; checks that its position follows the one before. */
  public BusinessResponse nextBody() {
    ServerPush push = next();
    assertThat(push.getType()).isEqualTo(PushType.PUSH_BUSINESS_DATA);
    if (lastSeq != 0) {
      assertThat(push.getSeqId()).isEqualTo(lastSeq + 1);
    }
    lastSeq = push.getSeqId();
    return body(push);
  }

  public long lastSeq() {
    return lastSeq;
  }

  public ErrorMessage nextError() {
    ServerPush push = next();
    assertThat(push.getType()).as("%s", push).isEqualTo(PushType.PUSH_ERROR);
    return error(push);
  }

  /** Messages waiting to be looked at. */
  public int waiting() {
    return received.size();
  }

  public CloseReason closed() {
    return get(closed);
  }

  public boolean open() {
    return !closed.isDone();
  }

  public static BusinessResponse body(ServerPush push) {
    return parse(() -> BusinessResponse.parseFrom(push.getPayload()));
  }

  public static ErrorMessage error(ServerPush push) {
    return parse(() -> ErrorMessage.parseFrom(push.getPayload()));
  }

  public static StartResponse startResponse(ServerPush push) {
    assertThat(push.getType()).as("%s", push).isEqualTo(PushType.PUSH_START_RESP);
    return parse(() -> StartResponse.parseFrom(push.getPayload()));
  }

  private interface Parsing<T> {
    T parse() throws InvalidProtocolBufferException;
  }

  private static <T> T parse(Parsing<T> parsing) {
    try {
      return parsing.parse();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------- the connection

  @Override
  public void onFrame(ServerPush frame, long receivedNanos) {
    if (!received.offer(frame)) {
      throw new IllegalStateException("a test received more than it looks at");
    }
  }

  @Override
  public void onFault(FrameFault fault) {
    closed.completeExceptionally(new AssertionError("the gateway sent " + fault));
  }

  @Override
  public void onWritable() {}

  @Override
  public void onClosed(CloseReason reason) {
    closed.complete(reason);
  }
}
