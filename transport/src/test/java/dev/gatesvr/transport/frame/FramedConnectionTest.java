package dev.gatesvr.transport.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.testkit.LeakWatch;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.RecordingHandler;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class FramedConnectionTest {
  private static final ServerPush PUSH = ServerPush.newBuilder().setMsgId(1).build();
  private static final long LINGER_MILLIS = 100;

  /** A stream that takes bytes only when the test lets it. */
  private static final class SlowStream extends ChannelOutboundHandlerAdapter {
    private final Deque<ChannelPromise> held = new ArrayDeque<>();
    private final List<Integer> writes = new ArrayList<>();
    private boolean slow;

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      ByteBuf bytes = (ByteBuf) message;
      writes.add(bytes.readableBytes());
      bytes.release();
      if (slow) {
        held.add(promise);
      } else {
        promise.setSuccess();
      }
    }

    void take() {
      while (!held.isEmpty()) {
        held.poll().setSuccess();
      }
    }
  }

  private static final class RecordingEdge implements ConnectionEdge {
    private final List<CloseCode> closes = new ArrayList<>();

    @Override
    public String transport() {
      return "test";
    }

    @Override
    public SocketAddress remoteAddress() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public long lingerNanos() {
      return TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
    }

    @Override
    public void close(CloseCode code) {
      closes.add(code);
    }
  }

  private final SlowStream stream = new SlowStream();
  private final RecordingEdge edge = new RecordingEdge();
  private final RecordingHandler<ClientRequest> handler = new RecordingHandler<>();
  private final CompletableFuture<FramedConnection<ClientRequest>> opened =
      new CompletableFuture<>();
  private EmbeddedChannel channel = new EmbeddedChannel();

  @BeforeEach
  void open() {
    open(handler);
  }

  private void open(RecordingHandler<ClientRequest> with) {
    channel =
        new EmbeddedChannel(
            stream,
            new FrameHandler<>(
                1,
                edge,
                connection -> with,
                ClientRequest.parser(),
                TransportObserver.NONE,
                opened::complete));
    channel.freezeTime();
  }

  @AfterEach
  void finish() {
    connection().closed(new CloseReason(CloseCode.CONNECTION_LOST, false, ""));
    channel.finishAndReleaseAll();
  }

  private FramedConnection<ClientRequest> connection() {
    return opened.join();
  }

  private void receive(int... bytes) {
    ByteBuf in = Unpooled.directBuffer();
    for (int each : bytes) {
      in.writeByte(each);
    }
    channel.writeInbound(in);
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
  }

  @Test
  void messagesOfOneTurnLeaveInOneWrite() {
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.SENT);
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.SENT);
    assertThat(stream.writes).isEmpty();
    channel.runPendingTasks();
    assertThat(stream.writes).containsExactly(12);
  }

  @Test
  void answersBackpressuredAboveTheMarkAndSaysWhenItHasDrained() {
    stream.slow = true;
    ServerPush large = PUSH.toBuilder().setPayload(ByteString.copyFrom(new byte[10_000])).build();
    int sent = 0;
    while (connection().send(large) == SendResult.SENT) {
      sent++;
    }
    assertThat(sent).isEqualTo(7);
    assertThat(connection().writable()).isFalse();
    assertThat(handler.writableCalls()).isZero();
    channel.runPendingTasks();
    stream.take();
    assertThat(handler.writableCalls()).isEqualTo(1);
    assertThat(connection().writable()).isTrue();
    assertThat(connection().send(large)).isEqualTo(SendResult.SENT);
  }

  @Test
  void aRefusedSenderIsRefusedUntilItIsToldToGoOn() {
    stream.slow = true;
    ServerPush large = PUSH.toBuilder().setPayload(ByteString.copyFrom(new byte[20_000])).build();
    while (connection().send(large) == SendResult.SENT) {}
    stream.held.poll().setSuccess();
    assertThat(connection().writer().pendingBytes())
        .isBetween(FrameWriter.LOW_WATER_BYTES + 1, FrameWriter.HIGH_WATER_BYTES - 1);
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.BACKPRESSURED);
    assertThat(handler.writableCalls()).isZero();
  }

  @Test
  void refusesWhatNeverFits() {
    ServerPush tooLarge =
        PUSH.toBuilder().setPayload(ByteString.copyFrom(new byte[1_048_576])).build();
    assertThat(connection().send(tooLarge)).isEqualTo(SendResult.TOO_LARGE);
    assertThat(connection().send(ServerPush.getDefaultInstance())).isEqualTo(SendResult.TOO_LARGE);
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.SENT);
  }

  @Test
  void aFaultIsToldOnceAndNoFrameFollows() {
    receive(0, 0, 0, 2, 8, 1, 0, 0, 0, 0, 0, 0, 0, 2, 8, 1);
    receive(0, 0, 0, 2, 8, 1);
    assertThat(handler.drain()).hasSize(1);
    assertThat(handler.faults()).containsExactly(FrameFault.EMPTY);
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.SENT);
    connection().fault(FrameFault.EXTRA_STREAM);
    assertThat(handler.faults()).hasSize(1);
  }

  @Test
  void aFaultThatNobodyClosesOnIsClosedAfterAWhile() {
    receive(0, 0, 0, 0);
    pass(1_999);
    assertThat(edge.closes).isEmpty();
    pass(1);
    assertThat(edge.closes).containsExactly(CloseCode.MALFORMED);
  }

  @Test
  void closingLingersForWhatIsOnItsWay() {
    connection().send(PUSH);
    connection().close(CloseCode.REPLACED);
    assertThat(stream.writes).containsExactly(6);
    assertThat(edge.closes).isEmpty();
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.CLOSED);
    pass(LINGER_MILLIS);
    assertThat(edge.closes).containsExactly(CloseCode.REPLACED);
  }

  @Test
  void closingAQuietConnectionIsImmediate() {
    connection().close(CloseCode.NORMAL);
    connection().close(CloseCode.REPLACED);
    assertThat(edge.closes).containsExactly(CloseCode.NORMAL);
  }

  @Test
  void closingWaitsForTheStreamButNotForEver() {
    stream.slow = true;
    connection().send(PUSH);
    connection().close(CloseCode.SLOW_CONSUMER);
    pass(999);
    assertThat(edge.closes).isEmpty();
    pass(1);
    assertThat(edge.closes).containsExactly(CloseCode.SLOW_CONSUMER);
    stream.take();
    assertThat(edge.closes).hasSize(1);
  }

  @Test
  void nothingIsDeliveredAfterClose() {
    connection().close(CloseCode.NORMAL);
    receive(0, 0, 0, 2, 8, 1);
    assertThat(handler.drain()).isEmpty();
  }

  @Test
  void theEndIsToldOnceWithTheFirstReason() {
    connection().peerClosing(new CloseReason(CloseCode.OVERLOADED, true, "busy"));
    connection().close(CloseCode.NORMAL);
    connection().closed(new CloseReason(CloseCode.CONNECTION_LOST, false, "late"));
    connection().closed(new CloseReason(CloseCode.CONNECTION_LOST, false, "later"));
    assertThat(handler.closedCalls()).isEqualTo(1);
    assertThat(handler.awaitClosed())
        .isEqualTo(new CloseReason(CloseCode.OVERLOADED, true, "busy"));
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.CLOSED);
  }

  @Test
  void anEndBetweenFramesStillLetsAnswersOut() {
    receive(0, 0, 0, 2, 8, 1);
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(connection().send(PUSH)).isEqualTo(SendResult.SENT);
    assertThat(handler.faults()).isEmpty();
    pass(2_000);
    pass(LINGER_MILLIS);
    assertThat(edge.closes).containsExactly(CloseCode.NORMAL);
  }

  @Test
  void anEndInsideAFrameIsTruncated() {
    receive(0, 0, 0, 2, 8);
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(handler.faults()).containsExactly(FrameFault.TRUNCATED);
  }

  @Test
  void aHandlerThatThrowsCostsItsOwnConnection() {
    CompletableFuture<FramedConnection<ClientRequest>> second = new CompletableFuture<>();
    EmbeddedChannel throwing =
        new EmbeddedChannel(
            new FrameHandler<>(
                2,
                edge,
                connection ->
                    new RecordingHandler<>() {
                      @Override
                      public void onFrame(ClientRequest frame, long receivedNanos) {
                        throw new IllegalStateException("on purpose");
                      }
                    },
                ClientRequest.parser(),
                TransportObserver.NONE,
                second::complete));
    throwing.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 2, 8, 1}));
    assertThat(edge.closes).containsExactly(CloseCode.INTERNAL);
    throwing.finishAndReleaseAll();
  }

  @Test
  void anAcceptorThatThrowsClosesTheTransport() {
    EmbeddedChannel refused =
        new EmbeddedChannel(
            new FrameHandler<>(
                3,
                edge,
                connection -> {
                  throw new IllegalStateException("on purpose");
                },
                ClientRequest.parser(),
                TransportObserver.NONE,
                opened::complete));
    refused.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 2, 8, 1}));
    assertThat(edge.closes).containsExactly(CloseCode.INTERNAL);
    refused.finishAndReleaseAll();
  }

  @Test
  void releasesAPartialFrameAndTheBatchAtTheEnd() {
    receive(0, 0, 1, 0, 8);
    connection().send(PUSH);
    connection().closed(new CloseReason(CloseCode.CONNECTION_LOST, false, ""));
    assertThat(connection().decoder().bufferedBytes()).isZero();
    assertThat(connection().writer().pendingBytes()).isZero();
    channel.runPendingTasks();
    assertThat(stream.writes).isEmpty();
  }
}
