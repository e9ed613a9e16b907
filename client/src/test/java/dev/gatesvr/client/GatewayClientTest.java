package dev.gatesvr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK over real QUIC, against a gateway that follows a script. */
@Timeout(30)
class GatewayClientTest {
  @TempDir private Path folder;
  private ScriptedRig rig;

  @BeforeEach
  void makeRig() throws GeneralSecurityException, IOException {
    rig = ScriptedRig.in(folder);
  }

  /** Starts everybody, answers heartbeats, echoes requests with the next position. */
  private static ScriptedGateway.Script echoing() {
    AtomicLong seq = new AtomicLong();
    return (peer, request) -> {
      switch (request.getType()) {
        case REQUEST_START -> peer.started(request);
        case REQUEST_HEARTBEAT -> peer.heartbeat(request);
        case REQUEST_BUSINESS -> peer.echo(request, seq.incrementAndGet());
        default -> {}
      }
    };
  }

  private static List<Long> businessSeqs(ScriptedGateway.Peer peer) {
    return peer.received.stream()
        .filter(request -> request.getType() == RequestType.REQUEST_BUSINESS)
        .map(ClientRequest::getSeqId)
        .toList();
  }

  @Test
  void startsAsksAcknowledgesAndStops() throws Exception {
    try (ScriptedGateway gateway = rig.gateway(echoing())) {
      ScriptedGateway.Peer peer;
      try (GatewayClient client = rig.client(gateway).connect()) {
        Response response =
            client
                .request("echo", Map.of(), ByteString.copyFromUtf8("hi"), Duration.ofSeconds(5))
                .get(5, TimeUnit.SECONDS);
        assertThat(response.message()).isEqualTo("echo");
        assertThat(response.text()).isEqualTo("hi");
        peer = gateway.peer(0);
        Await.until("acknowledged", () -> peer.acked.get() == 1);
        assertThat(client.state()).isEqualTo(ClientState.READY);
      }
      Await.until("stopped", () -> peer.count(RequestType.REQUEST_STOP) == 1);
      ClientRequest start = peer.received.getFirst();
      assertThat(ScriptedGateway.start(start).getOpenid()).isEqualTo("10001");
      assertThat(ScriptedGateway.start(start).getAuthToken()).isEqualTo("secret");
      assertThat(start.getSeqId()).isZero();
    }
  }

  @Test
  void acknowledgesAPushOnlyAfterItsHandlerReturned() throws Exception {
    CountDownLatch mayReturn = new CountDownLatch(1);
    List<Long> seen = new CopyOnWriteArrayList<>();
    ScriptedGateway.Script pushing =
        (peer, request) -> {
          echoing().onRequest(peer, request);
          if (request.getType() == RequestType.REQUEST_START) {
            for (long seq = 1; seq <= 3; seq++) {
              peer.push(seq, ByteString.EMPTY);
            }
          }
        };
    try (ScriptedGateway gateway = rig.gateway(pushing);
        GatewayClient client =
            rig.client(gateway)
                .onPush(
                    push -> {
                      awaitQuietly(mayReturn);
                      seen.add(push.seqId());
                    })
                .connect()) {
      ScriptedGateway.Peer peer = gateway.peer(0);
      // A later message has been through the client, so the pushes have been too.
      Await.until("pushes arrived", () -> client.stats().join().pushesReceived() == 3);
      assertThat(peer.acked.get()).isZero();
      mayReturn.countDown();
      Await.until("acknowledged", () -> peer.acked.get() == 3);
      assertThat(seen).containsExactly(1L, 2L, 3L);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void saysWhyAStartWasRefusedForGood() throws Exception {
    CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    try (ScriptedGateway gateway = rig.gateway((peer, request) -> peer.refuse(request, 401));
        GatewayClient client = rig.client(gateway).onClosed(closed::complete).connect()) {
      CloseReason reason = closed.get(10, TimeUnit.SECONDS);
      assertThat(reason.code()).isEqualTo(CloseCode.UNAUTHENTICATED);
      assertThat(reason.detail()).contains("refused");
      assertThatThrownBy(() -> client.whenReady().get(1, TimeUnit.SECONDS))
          .hasMessageContaining("UNAUTHENTICATED");
      assertThat(gateway.connections()).isEqualTo(1);
    }
  }

  @Test
  void triesAgainWhenAStartIsRefusedForNow() throws Exception {
    ScriptedGateway.Script secondTime =
        (peer, request) -> {
          if (peer.number == 0) {
            peer.refuse(request, 503);
          } else {
            echoing().onRequest(peer, request);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(secondTime);
        GatewayClient client = rig.client(gateway).connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      assertThat(gateway.connections()).isEqualTo(2);
      assertThat(client.lastProblem()).contains("503");
    }
  }

  @ParameterizedTest
  @EnumSource(value = CloseCode.class, mode = EnumSource.Mode.EXCLUDE, names = "CONNECTION_LOST")
  void doesAfterACloseWhatItsCodeSays(CloseCode code) throws Exception {
    CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    List<Kicked.Reason> kicked = new CopyOnWriteArrayList<>();
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client =
            rig.client(gateway)
                .onKicked((reason, detail) -> kicked.add(reason))
                .onClosed(closed::complete)
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      gateway.peer(0).close(code);
      if (code.reconnect()) {
        ScriptedGateway.Peer again = gateway.peer(1);
        Await.until("started again", () -> again.count(RequestType.REQUEST_START) == 1);
        assertThat(closed).isNotDone();
      } else {
        CloseReason reason = closed.get(10, TimeUnit.SECONDS);
        assertThat(reason.code()).isEqualTo(code);
        assertThat(reason.byPeer()).isTrue();
        assertThat(client.state()).isEqualTo(ClientState.CLOSED);
        assertThat(gateway.connections()).isEqualTo(1);
      }
      assertThat(kicked)
          .isEqualTo(
              switch (code) {
                case REPLACED -> List.of(Kicked.Reason.REPLACED);
                case KICKED -> List.of(Kicked.Reason.OPERATOR);
                default -> List.of();
              });
    }
  }

  @Test
  void sendsAnUnansweredRequestAgainUnderItsNumberWhenTheSessionGoesOn() throws Exception {
    AtomicInteger resumed = new AtomicInteger();
    ScriptedGateway.Script losesTheSecond =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_START) {
            peer.answerStart(
                request,
                StartResponse.newBuilder()
                    .setSuccess(true)
                    .setEpoch(7)
                    .setResumed(peer.number == 1)
                    .setNextClientSeqId(peer.number == 1 ? 2 : 1));
          } else if (request.getType() == RequestType.REQUEST_BUSINESS) {
            if (peer.number == 0 && request.getSeqId() == 2) {
              peer.connection.close(CloseCode.INTERNAL);
            } else {
              peer.echo(request, request.getSeqId());
            }
          }
        };
    try (ScriptedGateway gateway = rig.gateway(losesTheSecond);
        GatewayClient client = rig.client(gateway).onResumed(resumed::incrementAndGet).connect()) {
      client.request("first").get(10, TimeUnit.SECONDS);
      Await.until("acknowledged", () -> gateway.peer(0).acked.get() == 1);
      assertThat(client.request("second").get(10, TimeUnit.SECONDS).message()).isEqualTo("second");
      ScriptedGateway.Peer again = gateway.peer(1);
      assertThat(ScriptedGateway.start(again.received.getFirst()).getLastAckedSeqId()).isEqualTo(1);
      assertThat(ScriptedGateway.start(again.received.getFirst()).getEpoch()).isEqualTo(7);
      assertThat(businessSeqs(gateway.peer(0))).containsExactly(1L, 2L);
      assertThat(businessSeqs(again)).containsExactly(2L);
      assertThat(resumed).hasValue(1);
    }
  }

  @Test
  void saysThatTheOutcomeIsUnknownWhenTheSessionIsGone() throws Exception {
    List<Resync.Reason> resync = new CopyOnWriteArrayList<>();
    ScriptedGateway.Script forgets =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_START) {
            peer.answerStart(
                request,
                StartResponse.newBuilder()
                    .setSuccess(true)
                    .setEpoch(peer.number + 1)
                    .setNextClientSeqId(1));
          } else if (request.getType() == RequestType.REQUEST_BUSINESS && peer.number == 0) {
            peer.connection.close(CloseCode.INTERNAL);
          } else if (request.getType() == RequestType.REQUEST_BUSINESS) {
            peer.echo(request, 1);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(forgets);
        GatewayClient client =
            rig.client(gateway).onResync((reason, detail) -> resync.add(reason)).connect()) {
      assertThatThrownBy(() -> client.request("pay").get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(OutcomeUnknownException.class);
      client.request("look").get(10, TimeUnit.SECONDS);
      assertThat(businessSeqs(gateway.peer(1))).containsExactly(1L);
      assertThat(resync).containsExactly(Resync.Reason.UNKNOWN);
    }
  }

  @Test
  void stopsReadingWhileTheApplicationIsSlow() throws Exception {
    int inboundMax = 8;
    ByteString big = ByteString.copyFrom(new byte[16 * 1024]);
    CountDownLatch mayReturn = new CountDownLatch(1);
    List<Long> seen = new CopyOnWriteArrayList<>();
    AtomicLong sent = new AtomicLong();
    ScriptedGateway.Script flooding =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_START) {
            peer.started(request);
            flood(peer, sent, big);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(flooding);
        GatewayClient client =
            rig.client(gateway)
                .settings(s -> s.withBounds(new ClientSettings.Bounds(64, 64, inboundMax, 4, 3)))
                .onPush(
                    push -> {
                      awaitQuietly(mayReturn);
                      seen.add(push.seqId());
                    })
                .connect()) {
      ScriptedGateway.Peer peer = gateway.peer(0);
      Await.until("flooded", () -> peer.backpressured);
      Await.until("nothing more is taken", () -> standsStill(peer, sent, big));
      long received = client.stats().join().pushesReceived();
      assertThat(sent.get()).as("sent").isGreaterThan(received);
      mayReturn.countDown();
      Await.until("all delivered", () -> seen.size() == sent.get());
      for (int i = 0; i < seen.size(); i++) {
        assertThat(seen.get(i)).isEqualTo(i + 1);
      }
    }
  }

  /** Fills the connection again; true when it took nothing in 100 ms. */
  private static boolean standsStill(ScriptedGateway.Peer peer, AtomicLong sent, ByteString big) {
    long before = sent.get();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(100);
    while (System.nanoTime() < end) {
      CompletableFuture.runAsync(() -> flood(peer, sent, big), peer.connection.loop()).join();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    return sent.get() == before;
  }

  private static void flood(ScriptedGateway.Peer peer, AtomicLong sent, ByteString big) {
    while (peer.push(sent.get() + 1, big) == SendResult.SENT) {
      sent.incrementAndGet();
    }
  }

  @Test
  void refusesACertificateOfAnotherAuthority() throws Exception {
    TestIdentity other = TestIdentity.create();
    Path otherPem = other.writePem(folder.resolve("other.crt"));
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client = rig.client(gateway).trust(otherPem).connect()) {
      Await.until("refused", () -> !client.lastProblem().isEmpty());
      assertThat(client.whenReady()).isNotDone();
      assertThat(client.lastProblem()).containsIgnoringCase("cert");
      assertThat(gateway.connections()).isZero();
    }
  }

  @Test
  void believesAnybodyOnlyWhenToldTo() throws Exception {
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client = rig.client(gateway).insecure().connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void triesTheNextGatewayWhenOneIsGone() throws Exception {
    String gone;
    try (ScriptedGateway closed = rig.gateway(echoing())) {
      gone = closed.address();
    }
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client =
            GatewayClient.builder()
                .server(gone)
                .server(gateway.address())
                .openid("1")
                .trust(rig.caPem())
                .connectTimeout(Duration.ofMillis(300))
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void givesUpAfterTheAllowedAttempts() throws Exception {
    String gone;
    try (ScriptedGateway closed = rig.gateway(echoing())) {
      gone = closed.address();
    }
    try (GatewayClient client =
        GatewayClient.builder()
            .server(gone)
            .openid("1")
            .trust(rig.caPem())
            .connectTimeout(Duration.ofMillis(200))
            .settings(s -> s.withReconnect(new ClientSettings.Reconnect(1, 1, 2, 0)))
            .connect()) {
      assertThatThrownBy(() -> client.whenReady().get(10, TimeUnit.SECONDS))
          .hasMessageContaining("gave up after 2 attempts");
    }
  }

  @Test
  void servesManyClientsOverOneDialer() throws Exception {
    List<GatewayClient> clients = new ArrayList<>();
    ScriptedGateway.Script perConnection =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_BUSINESS) {
            peer.echo(request, request.getSeqId());
          } else {
            echoing().onRequest(peer, request);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(perConnection);
        QuicDialer dialer =
            QuicDialer.withLoops(2, QuicClientConfig.trusting(ServerTrust.ofPem(rig.caPem())))) {
      for (int i = 0; i < 100; i++) {
        clients.add(rig.client(gateway).openid("p" + i).dialer(dialer).connect());
      }
      List<CompletableFuture<Response>> answers = new ArrayList<>();
      for (GatewayClient client : clients) {
        for (int i = 0; i < 5; i++) {
          answers.add(client.request("a" + i));
        }
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get(20, TimeUnit.SECONDS).message()).isEqualTo("a" + i % 5);
      }
      CompletableFuture.allOf(
              clients.stream()
                  .map(client -> client.closeAsync(StopRequest.Reason.APP_CLOSE))
                  .toArray(CompletableFuture[]::new))
          .get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void canBeClosedFromItsOwnCallback() throws Exception {
    CompletableFuture<GatewayClient> self = new CompletableFuture<>();
    ScriptedGateway.Script pushing =
        (peer, request) -> {
          echoing().onRequest(peer, request);
          if (request.getType() == RequestType.REQUEST_START) {
            peer.push(1, ByteString.EMPTY);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(pushing)) {
      GatewayClient client = rig.client(gateway).onPush(push -> self.join().close()).connect();
      self.complete(client);
      client.whenClosed().get(10, TimeUnit.SECONDS);
      assertThatThrownBy(() -> client.request("late").get(1, TimeUnit.SECONDS))
          .hasMessageContaining("closed");
    }
  }

  @Test
  void comesBackAfterASuspension() throws Exception {
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client = rig.client(gateway).connect()) {
      client.request("one").get(10, TimeUnit.SECONDS);
      client.suspend();
      Await.until("suspended", () -> client.state() == ClientState.SUSPENDED);
      Await.until("gone", () -> gateway.peer(0).closed);
      assertThat(gateway.peer(0).count(RequestType.REQUEST_STOP)).isZero();
      client.resume();
      client.request("two").get(10, TimeUnit.SECONDS);
      // A gateway of the old wire: the numbering simply goes on.
      assertThat(businessSeqs(gateway.peer(1))).containsExactly(2L);
    }
  }

  @Test
  void refusesRequestsLocallyWhenTooManyWait() throws Exception {
    try (ScriptedGateway gateway =
            rig.gateway(
                (peer, request) -> {
                  if (request.getType() == RequestType.REQUEST_START) {
                    peer.started(request);
                  }
                });
        GatewayClient client =
            rig.client(gateway)
                .settings(s -> s.withBounds(new ClientSettings.Bounds(4, 6, 256, 32, 3)))
                .connect()) {
      List<CompletableFuture<Response>> accepted = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        accepted.add(client.request("a"));
      }
      assertThat(client.request("b")).isCompletedExceptionally();
      ScriptedGateway.Peer peer = gateway.peer(0);
      Await.until("sent", () -> peer.count(RequestType.REQUEST_BUSINESS) == 4);
      assertThat(client.stats().join().requestsWaiting()).isEqualTo(6);
      assertThat(accepted).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void measuresTheRoundTrip() throws Exception {
    try (ScriptedGateway gateway = rig.gateway(echoing());
        GatewayClient client = rig.client(gateway).heartbeat(Duration.ofMillis(20)).connect()) {
      Await.until("measured", () -> client.rtt().isPositive());
      assertThat(client.rtt()).isLessThan(Duration.ofSeconds(5));
    }
  }
}
