package dev.gatesvr.bench.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One player over many connections: says START as the SDK does, with the newest resume token, and
 * never acknowledges anything. Confined to its fleet's loop.
 *
 * <p>Against a bare server the START carries in its {@code seq_id} how many frames to send after
 * the answer, and in its payload which one.
 */
final class ReturningPlayer implements ConnectionHandler<ServerPush> {
  private static final int PROTOCOL_LEVEL = 1;

  private final String openid;
  private final @Nullable ServerPush bareFrame;

  private ByteString token = ByteString.EMPTY;
  private long epoch;
  private @Nullable ServerPush newest;

  private @Nullable Connection connection;
  private boolean answered;
  private int expected;
  private int received;
  private long askedNanos;
  private CompletableFuture<Long> visit = new CompletableFuture<>();
  private CompletableFuture<Void> gone = CompletableFuture.completedFuture(null);

  /**
   * @param bareFrame what a bare server sends; null when the server knows sessions
   */
  ReturningPlayer(String openid, @Nullable ServerPush bareFrame) {
    this.openid = openid;
    this.bareFrame = bareFrame;
  }

  /** A connection of its own is about to be made; {@code messages} shall follow the answer. */
  CompletableFuture<Long> expect(int messages) {
    answered = false;
    expected = messages;
    received = 0;
    visit = new CompletableFuture<>();
    return visit;
  }

  /** It is there. */
  void opened(Connection newConnection) {
    connection = newConnection;
    gone = new CompletableFuture<>();
    newConnection.loop().execute(this::ask);
  }

  private void ask() {
    Connection open = connection;
    askedNanos = System.nanoTime();
    if (open == null || open.send(start()) != SendResult.SENT) {
      failed(new IOException("the connection took no START"));
    }
  }

  private ClientRequest start() {
    ClientRequest.Builder frame =
        ClientRequest.newBuilder().setMsgId(1).setType(RequestType.REQUEST_START).setOpenid(openid);
    if (bareFrame != null) {
      return frame.setSeqId(expected).setPayload(bareFrame.toByteString()).build();
    }
    return frame
        .setPayload(
            StartRequest.newBuilder()
                .setOpenid(openid)
                .setAuthToken("bench")
                .setProtocolLevel(PROTOCOL_LEVEL)
                .setEpoch(epoch)
                .setResumeToken(token)
                .build()
                .toByteString())
        .build();
  }

  /** Leaves; the stage completes when the connection is gone. */
  CompletableFuture<Void> leave() {
    if (connection != null) {
      connection.close(CloseCode.NORMAL);
    }
    return gone;
  }

  /** The newest message, for a bare server to send the same. */
  @Nullable ServerPush newest() {
    return newest;
  }

  void failed(Throwable cause) {
    visit.completeExceptionally(cause);
  }

  // ---------------------------------------------------------------- from the server

  @Override
  public void onFrame(ServerPush frame, long receivedNanos) {
    if (answered) {
      received++;
      newest = frame;
      if (bareFrame == null && frame.getSeqId() != received) {
        failed(new IOException("seq_id: " + frame.getSeqId() + " (expected: " + received + ")"));
      }
    } else {
      onAnswer(frame);
    }
    if (received == expected) {
      visit.complete(System.nanoTime() - askedNanos);
    }
  }

  private void onAnswer(ServerPush frame) {
    answered = true;
    if (bareFrame != null) {
      return;
    }
    try {
      StartResponse response = StartResponse.parseFrom(frame.getPayload());
      boolean resumes = !token.isEmpty();
      if (frame.getType() != PushType.PUSH_START_RESP
          || !response.getSuccess()
          || response.getResumed() != resumes) {
        failed(new IOException("START was answered with " + response));
      }
      token = response.getResumeToken();
      epoch = response.getEpoch();
    } catch (InvalidProtocolBufferException e) {
      failed(e);
    }
  }

  @Override
  public void onFault(FrameFault fault) {
    failed(new IOException("bad frame: " + fault));
    leave();
  }

  @Override
  public void onWritable() {}

  @Override
  public void onClosed(CloseReason reason) {
    connection = null;
    failed(new IOException("connection ended: " + reason));
    gone.complete(null);
  }
}
