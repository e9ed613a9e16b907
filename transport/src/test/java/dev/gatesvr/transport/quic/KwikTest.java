package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.testkit.KwikPeer;
import dev.gatesvr.testkit.LeakWatch;
import dev.gatesvr.testkit.UdpRelay;
import dev.gatesvr.transport.Await;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.FrameFault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tech.kwik.core.log.NullLogger;

/** The listener against an implementation of QUIC that is not Netty's. */
@ExtendWith(LeakWatch.class)
class KwikTest {
  private static final TestCertificates AUTHORITY = new TestCertificates("gatesvr test CA");
  private static final TlsIdentity IDENTITY = AUTHORITY.local();
  private static final ClientRequest HELLO = ClientRequest.newBuilder().setMsgId(42).build();

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private TestServer server(int loops, UnaryOperator<QuicListenerConfig> adjust) {
    TestServer started = TestServer.start(loops, IDENTITY, adjust);
    opened.add(started);
    return started;
  }

  private TestServer server() {
    return server(1, UnaryOperator.identity());
  }

  private KwikPeer peer(TestServer server) throws IOException {
    KwikPeer made = new KwikPeer(server.address(), AUTHORITY.ca());
    opened.add(made);
    return made;
  }

  @Test
  void echoes() throws IOException {
    KwikPeer peer = peer(server());
    for (int i = 1; i <= 100; i++) {
      peer.send(HELLO.toBuilder().setMsgId(i).build());
      assertThat(peer.receive().getMsgId()).isEqualTo(i);
    }
  }

  @Test
  void carriesTheLargestMessageBothWays() throws IOException {
    byte[] payload = new byte[1_048_576 - 16];
    new Random(2).nextBytes(payload);
    KwikPeer peer = peer(server());
    peer.send(HELLO.toBuilder().setPayload(ByteString.copyFrom(payload)).build());
    assertThat(peer.receive().getPayload()).isEqualTo(ByteString.copyFrom(payload));
  }

  /** Keeps the connecting thread busy, after its hello, until the server has answered. */
  private static final class BusyAfterHello extends NullLogger {
    /** For Kwik's other threads to read the answer. */
    private static final long BUSY_NANOS = Duration.ofMillis(200).toNanos();

    private final UdpRelay relay;
    private boolean answeredMeanwhile;

    BusyAfterHello(UdpRelay relay) {
      this.relay = relay;
    }

    @Override
    public void sentPacketInfo(String message) {
      if (message.contains("ClientHello")) {
        long startNanos = System.nanoTime();
        long busyNanos = Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() - startNanos < busyNanos) {
          Thread.onSpinWait();
          if (!answeredMeanwhile && relay.forwarded() >= 2) {
            answeredMeanwhile = true;
            busyNanos = System.nanoTime() - startNanos + BUSY_NANOS;
          }
        }
      }
    }
  }

  /** Without {@code KwikSocket} this never ends: Kwik ignores an answer that comes too early. */
  @Test
  void anAnswerBeforeKwikIsReadyIsNotLost() throws IOException {
    TestServer server = server();
    // Loads classes: Kwik's first connection is slower than the busy time.
    peer(server);
    UdpRelay relay = UdpRelay.start(server.address(), 1);
    opened.add(relay);
    BusyAfterHello busy = new BusyAfterHello(relay);
    KwikPeer peer = new KwikPeer(relay.address(), AUTHORITY.ca(), "gatesvr", busy);
    opened.add(peer);
    assertThat(busy.answeredMeanwhile).isTrue();
    peer.send(HELLO);
    assertThat(peer.receive().getMsgId()).isEqualTo(42);
  }

  @Test
  void twoLoopsServeEveryone() throws IOException {
    TestServer server = server(2, UnaryOperator.identity());
    for (int i = 1; i <= 12; i++) {
      KwikPeer peer = peer(server);
      peer.send(HELLO.toBuilder().setMsgId(i).build());
      assertThat(peer.receive().getMsgId()).isEqualTo(i);
    }
  }

  @Test
  void hearsTheServersCloseCodeAfterItsLastWords() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.send(HELLO);
    peer.receive();
    TestServer.Accepted accepted = server.only();
    accepted
        .connection()
        .loop()
        .execute(
            () -> {
              accepted.connection().send(ServerPush.newBuilder().setMsgId(8).build());
              accepted.connection().close(CloseCode.OVERLOADED);
            });
    assertThat(peer.receive().getMsgId()).isEqualTo(8);
    assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(503);
  }

  @Test
  void itsCloseCodeReachesTheHandler() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.send(HELLO);
    peer.receive();
    peer.close(CloseCode.REATTACHED.wireCode());
    CloseReason seen = server.only().handler().awaitClosed();
    assertThat(seen.code()).isEqualTo(CloseCode.REATTACHED);
    assertThat(seen.byPeer()).isTrue();
  }

  @Test
  void anUnknownCloseCodeIsALostConnectionWithItsNumber() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.send(HELLO);
    peer.receive();
    peer.close(77_777);
    CloseReason seen = server.only().handler().awaitClosed();
    assertThat(seen.code()).isEqualTo(CloseCode.CONNECTION_LOST);
    assertThat(seen.detail()).contains("77777");
  }

  @Test
  void aFaultEndsWithItsCode() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.sendRaw(HexFormat.of().parseHex("00100001"));
    assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(413);
    assertThat(server.only().handler().faults()).containsExactly(FrameFault.TOO_LARGE);
  }

  @Test
  void aStreamThatEndsInsideAFrameIsTruncated() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.sendRaw(HexFormat.of().parseHex("0000000508"));
    peer.finish();
    assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(400);
    assertThat(server.only().handler().faults()).containsExactly(FrameFault.TRUNCATED);
  }

  @Test
  void aStreamThatEndsBetweenFramesIsStillAnswered() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.send(HELLO);
    peer.finish();
    assertThat(peer.receive().getMsgId()).isEqualTo(42);
    assertThat(peer.awaitTerminated().closedByPeer()).isTrue();
    CloseReason seen = server.only().handler().awaitClosed();
    assertThat(seen)
        .isEqualTo(new CloseReason(CloseCode.NORMAL, true, "the peer ended its stream"));
  }

  @Test
  void aResetStreamIsALostConnection() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.send(HELLO);
    peer.receive();
    peer.reset();
    assertThat(server.only().handler().awaitClosed().code()).isEqualTo(CloseCode.CONNECTION_LOST);
  }

  @Test
  void aSecondStreamIsAFault() throws IOException {
    TestServer server = server();
    for (boolean bidirectional : List.of(true, false)) {
      KwikPeer peer = peer(server);
      peer.send(HELLO);
      peer.receive();
      peer.openAnother(bidirectional);
      assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(400);
      TestServer.Accepted last = server.accepted().getLast();
      assertThat(last.handler().faults()).containsExactly(FrameFault.EXTRA_STREAM);
      assertThat(last.handler().awaitClosed().code()).isEqualTo(CloseCode.MALFORMED);
    }
  }

  @Test
  void aUnidirectionalFirstStreamIsAFault() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    peer.openAnother(false);
    assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(400);
    assertThat(server.accepted()).isEmpty();
  }

  @Test
  void aWrongProtocolIsRefused() {
    TestServer server = server();
    assertThatThrownBy(() -> new KwikPeer(server.address(), AUTHORITY.ca(), "h3"))
        .isInstanceOf(IOException.class);
    assertThat(server.accepted()).isEmpty();
  }

  @Test
  void provesItsAddressWhenAskedTo() throws IOException {
    for (int loops : List.of(1, 2)) {
      TestServer server =
          server(loops, config -> config.withAddressValidation(AddressValidation.ALWAYS, 0));
      KwikPeer peer = peer(server);
      peer.send(HELLO);
      assertThat(peer.receive().getMsgId()).isEqualTo(42);
      Await.until("one connection", () -> server.accepted().size() == 1);
    }
  }

  @Test
  void survivesRebindsToo() throws IOException {
    for (int loops : List.of(1, 2)) {
      TestServer server = server(loops, UnaryOperator.identity());
      UdpRelay relay = UdpRelay.start(server.address(), 1);
      opened.add(relay);
      KwikPeer peer = new KwikPeer(relay.address(), AUTHORITY.ca());
      opened.add(peer);
      peer.send(HELLO);
      peer.receive();
      for (int i = 1; i <= 12; i++) {
        relay.rebind();
        peer.send(HELLO.toBuilder().setMsgId(i).build());
        assertThat(peer.receive().getMsgId()).isEqualTo(i);
      }
    }
  }

  @Test
  @Tag("long")
  void aConnectionThatNeverOpensAStreamIsClosed() throws IOException {
    TestServer server = server();
    KwikPeer peer = peer(server);
    long startNanos = System.nanoTime();
    assertThat(peer.awaitTerminated().applicationErrorCode()).isEqualTo(408);
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .isGreaterThan(Duration.ofSeconds(9));
    assertThat(server.accepted()).isEmpty();
  }
}
