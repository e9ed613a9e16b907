package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.testkit.LeakWatch;
import dev.gatesvr.transport.Await;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.RecordingHandler;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakWatch.class)
class QuicTransportTest {
  private static final TestCertificates AUTHORITY = new TestCertificates("gatesvr test CA");
  private static final TlsIdentity IDENTITY = AUTHORITY.local();
  private static final QuicClientConfig TRUSTING =
      QuicClientConfig.trusting(new ServerTrust.Authorities(List.of(AUTHORITY.ca())));

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

  private TestClient client(QuicClientConfig config) {
    TestClient made = new TestClient(config);
    opened.add(made);
    return made;
  }

  private TestClient client() {
    return client(TRUSTING);
  }

  private static ByteString random(int bytes) {
    byte[] made = new byte[bytes];
    new Random(1).nextBytes(made);
    return ByteString.copyFrom(made);
  }

  @Test
  void echoesOnOneStream() throws InterruptedException {
    TestServer server = server();
    TestClient.Peer peer = client().connect(server.address());
    assertThat(peer.echo(random(100))).isEqualTo(random(100));
    assertThat(peer.connection().transport()).isEqualTo("quic");
    assertThat(server.only().connection().remoteAddress().toString()).contains("127.0.0.1");
    assertThat(peer.connection().remoteAddress()).isEqualTo(server.address());
    assertThat(server.loops().indexOf(server.only().connection().loop())).isZero();
    assertThatThrownBy(() -> peer.connection().send(ServerPush.getDefaultInstance()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected: the connection's loop");
  }

  @Test
  void echoesOnSelectorsWhereEpollIsMissing() throws InterruptedException {
    TestServer server =
        TestServer.start(IoLoops.open(2, IoLoops.Kind.NIO), IDENTITY, UnaryOperator.identity());
    opened.add(server);
    assertThat(client().connect(server.address()).echo(random(100))).isEqualTo(random(100));
  }

  @Test
  void carriesTheLargestMessageBothWays() throws InterruptedException {
    TestClient.Peer peer = client().connect(server().address());
    ByteString large = random(1_048_576 - 16);
    assertThat(peer.echo(large)).isEqualTo(large);
  }

  @Test
  void keepsOrderOverManyMessages() throws InterruptedException {
    TestClient.Peer peer = client().connect(server().address());
    for (int i = 1; i <= 1_000; i++) {
      ClientRequest request = ClientRequest.newBuilder().setMsgId(i).build();
      Await.until("sent", () -> peer.send(request) == SendResult.SENT);
    }
    for (int i = 1; i <= 1_000; i++) {
      assertThat(peer.handler().nextFrame().getMsgId()).isEqualTo(i);
    }
  }

  @Test
  void aServersCloseCodeReachesTheClientAfterItsLastWords() throws InterruptedException {
    TestServer server = server();
    TestClient.Peer peer = client().connect(server.address());
    peer.echo(random(1));
    TestServer.Accepted accepted = server.only();
    accepted
        .connection()
        .loop()
        .execute(
            () -> {
              for (int i = 1; i <= 20; i++) {
                accepted.connection().send(ServerPush.newBuilder().setMsgId(i).build());
              }
              accepted.connection().close(CloseCode.REPLACED);
            });
    CloseReason seen = peer.handler().awaitClosed();
    assertThat(seen.code()).isEqualTo(CloseCode.REPLACED);
    assertThat(seen.byPeer()).isTrue();
    assertThat(peer.handler().drain()).hasSize(20);
    CloseReason own = accepted.handler().awaitClosed();
    assertThat(own).isEqualTo(new CloseReason(CloseCode.REPLACED, false, ""));
    assertThat(accepted.handler().closedCalls()).isEqualTo(1);
    assertThat(peer.handler().closedCalls()).isEqualTo(1);
  }

  @Test
  void aClientsCloseCodeReachesTheServerAfterItsLastWords() throws InterruptedException {
    TestServer server = server();
    TestClient.Peer peer = client().connect(server.address());
    peer.onLoop(
        () -> {
          peer.connection().send(ClientRequest.newBuilder().setMsgId(9).build());
          peer.connection().close(CloseCode.NORMAL);
          return true;
        });
    assertThat(server.only().handler().nextFrame().getMsgId()).isEqualTo(9);
    CloseReason seen = server.only().handler().awaitClosed();
    assertThat(seen.code()).isEqualTo(CloseCode.NORMAL);
    assertThat(seen.byPeer()).isTrue();
  }

  @Test
  void twoLoopsShareThePortAndServeEveryone() throws InterruptedException {
    TestServer server = server(2, UnaryOperator.identity());
    TestClient client = client(TRUSTING.withSocketsPerLoop(32));
    List<TestClient.Peer> peers = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      peers.add(client.connect(server.address()));
    }
    for (TestClient.Peer peer : peers) {
      assertThat(peer.echo(random(500))).isEqualTo(random(500));
    }
    if (server.loops().kind() == IoLoops.Kind.EPOLL) {
      assertThat(server.connectionsPerLoop()).containsOnlyKeys(0, 1);
    }
  }

  @Test
  void oneSocketCarriesManyConnections() throws InterruptedException {
    TestServer server = server();
    TestClient client = client();
    for (int i = 0; i < 50; i++) {
      assertThat(client.connect(server.address()).echo(random(10))).isEqualTo(random(10));
    }
    long ports =
        server.accepted().stream()
            .map(each -> each.connection().remoteAddress())
            .distinct()
            .count();
    assertThat(ports).isEqualTo(1);
  }

  @Test
  void aPeerThatDoesNotReadIsBoundedAndGoesOnLater() throws InterruptedException {
    TestServer server = server();
    TestClient.Peer peer = client().connect(server.address());
    peer.echo(random(1));
    peer.onLoop(
        () -> {
          peer.connection().reading(false);
          return true;
        });
    TestServer.Accepted accepted = server.only();
    ServerPush push = ServerPush.newBuilder().setMsgId(5).setPayload(random(10_000)).build();
    int sent = 0;
    SendResult last = SendResult.SENT;
    long quietSince = System.nanoTime();
    // Refused for a whole second: the peer's window is full, and so is our buffer.
    while (System.nanoTime() - quietSince < TimeUnit.SECONDS.toNanos(1)) {
      last = sendOnLoop(accepted, push);
      if (last == SendResult.SENT) {
        sent++;
        quietSince = System.nanoTime();
      }
      assertThat(sent).isLessThan(200);
    }
    assertThat(last).isEqualTo(SendResult.BACKPRESSURED);
    assertThat(accepted.handler().isClosed()).isFalse();
    int refusedBefore = accepted.handler().writableCalls();
    peer.onLoop(
        () -> {
          peer.connection().reading(true);
          return true;
        });
    Await.until("told to go on", () -> accepted.handler().writableCalls() > refusedBefore);
    for (int i = 0; i < sent; i++) {
      assertThat(peer.handler().nextFrame().getMsgId()).isEqualTo(5);
    }
    assertThat(sendOnLoop(accepted, push)).isEqualTo(SendResult.SENT);
  }

  private static SendResult sendOnLoop(TestServer.Accepted accepted, ServerPush push) {
    return new TestClient.Peer(accepted.connection(), new RecordingHandler<>())
        .onLoop(() -> accepted.connection().send(push));
  }

  @Test
  void aWrongProtocolIsRefused() {
    TestServer server = server();
    assertThatThrownBy(() -> client(TRUSTING.withAlpn("h3")).connect(server.address()))
        .hasRootCauseInstanceOf(Exception.class)
        .hasMessageContaining("cannot connect to");
    assertThat(server.accepted()).isEmpty();
  }

  @Test
  void anUnknownAuthorityIsRefused() {
    TestServer server = server();
    TestCertificates other = new TestCertificates("other CA");
    ServerTrust trust = new ServerTrust.Authorities(List.of(other.ca()));
    assertThatThrownBy(() -> client(QuicClientConfig.trusting(trust)).connect(server.address()))
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("cannot connect to");
    assertThatThrownBy(
            () ->
                client(QuicClientConfig.trusting(new ServerTrust.SystemAuthorities()))
                    .connect(server.address()))
        .hasMessageContaining("cannot connect to");
    assertThat(server.accepted()).isEmpty();
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    TlsIdentity elsewhere =
        AUTHORITY.identity(new GeneralName(GeneralName.dNSName, "gate.example"));
    TestServer server = TestServer.start(1, elsewhere, UnaryOperator.identity());
    opened.add(server);
    assertThatThrownBy(() -> client().connect(server.address()))
        .hasMessageContaining("cannot connect to");
    assertThat(server.accepted()).isEmpty();
  }

  @Test
  void anExpectedNameOrAnInsecureClientIsAccepted() throws InterruptedException {
    TlsIdentity elsewhere =
        AUTHORITY.identity(new GeneralName(GeneralName.dNSName, "gate.example"));
    TestServer server = TestServer.start(1, elsewhere, UnaryOperator.identity());
    opened.add(server);
    TestClient.Peer named =
        client(TRUSTING.withServerName("gate.example")).connect(server.address());
    assertThat(named.echo(random(1))).isEqualTo(random(1));
    TestClient.Peer careless =
        client(QuicClientConfig.trusting(new ServerTrust.Anybody())).connect(server.address());
    assertThat(careless.echo(random(1))).isEqualTo(random(1));
  }

  @Test
  void nobodyThereIsATimeout() {
    TestServer server = server();
    server.listener().close().toCompletableFuture().join();
    QuicClientConfig hasty = TRUSTING.withTimeouts(Duration.ofMillis(300), Duration.ofSeconds(10));
    assertThatThrownBy(() -> client(hasty).connect(server.address()))
        .hasMessageContaining("timed out");
  }

  @Test
  void aVanishedPeerIsLostAfterTheIdleTimeout() throws InterruptedException {
    TestServer server = server(1, config -> config.withIdleTimeout(Duration.ofMillis(300)));
    TestClient.Peer peer = client().connect(server.address());
    peer.echo(random(1));
    CloseReason seen = server.only().handler().awaitClosed();
    assertThat(seen).isEqualTo(new CloseReason(CloseCode.CONNECTION_LOST, false, "idle timeout"));
  }

  @Test
  void aFullListenerSaysOverloaded() throws InterruptedException {
    TestServer server = server(1, config -> config.withConnectionsMax(1));
    TestClient client = client();
    TestClient.Peer first = client.connect(server.address());
    first.echo(random(1));
    TestClient.Peer second = client.connect(server.address());
    assertThat(second.handler().awaitClosed().code()).isEqualTo(CloseCode.OVERLOADED);
    first.onLoop(
        () -> {
          first.connection().close(CloseCode.NORMAL);
          return true;
        });
    server.only().handler().awaitClosed();
    assertThat(client.connect(server.address()).echo(random(1))).isEqualTo(random(1));
  }

  @Test
  void aStoppedListenerKeepsWhatItHasAndSaysGoingAwayToOthers() throws InterruptedException {
    TestServer server = server();
    TestClient client = client();
    TestClient.Peer first = client.connect(server.address());
    first.echo(random(1));
    server.listener().stopAccepting();
    assertThat(client.connect(server.address()).handler().awaitClosed().code())
        .isEqualTo(CloseCode.GOING_AWAY);
    assertThat(first.echo(random(2))).isEqualTo(random(2));
    server.listener().close().toCompletableFuture().join();
    assertThat(first.handler().awaitClosed().code()).isEqualTo(CloseCode.GOING_AWAY);
  }

  @Test
  void aTakenPortIsOneClearError() {
    TestServer server = server();
    IoLoops loops = server.loops();
    assertThatThrownBy(
            () ->
                QuicListener.bind(
                    QuicListenerConfig.of(server.address(), IDENTITY),
                    loops,
                    connection -> {
                      throw new IllegalStateException("never");
                    },
                    ClientRequest.parser(),
                    TransportObserver.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot bind UDP")
        .hasMessageContaining("Address already in use");
  }
}
