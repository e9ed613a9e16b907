package dev.gatesvr.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tokens, signals and failover of the SDK over real QUIC, against gateways that follow a script.
 */
@Timeout(30)
class GatewayClientSessionTest {
  @TempDir private Path folder;
  private ScriptedRig rig;

  @BeforeEach
  void makeRig() throws GeneralSecurityException, IOException {
    rig = ScriptedRig.in(folder);
  }

  /** Resumes whoever presents a token, and gives out {@code name} and a running number. */
  private static ScriptedGateway.Script giving(String name, AtomicInteger issued) {
    return (peer, request) -> {
      switch (request.getType()) {
        case REQUEST_START -> {
          boolean resumed = !ScriptedGateway.start(request).getResumeToken().isEmpty();
          peer.answerStart(request, accepted(name + issued.incrementAndGet(), 1, resumed));
        }
        case REQUEST_BUSINESS -> peer.echo(request, request.getSeqId());
        case REQUEST_HEARTBEAT -> peer.heartbeat(request);
        default -> {}
      }
    };
  }

  private static ScriptedGateway.Script giving(String name) {
    return giving(name, new AtomicInteger());
  }

  private static StartResponse.Builder accepted(String token, long epoch, boolean resumed) {
    return StartResponse.newBuilder()
        .setSuccess(true)
        .setEpoch(epoch)
        .setResumed(resumed)
        .setNextClientSeqId(1)
        .setResumeToken(ByteString.copyFromUtf8(token));
  }

  private static List<StartRequest> starts(ScriptedGateway.Peer peer) {
    return peer.received.stream()
        .filter(request -> request.getType() == RequestType.REQUEST_START)
        .map(ScriptedGateway::start)
        .toList();
  }

  private static String token(ScriptedGateway.Peer peer) {
    Await.until("started", () -> !starts(peer).isEmpty());
    return starts(peer).getFirst().getResumeToken().toStringUtf8();
  }

  @Test
  void resumesWithTheNewestTokenAndAsksForNoOtherProof() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger resumed = new AtomicInteger();
    try (ScriptedGateway gateway = rig.gateway(giving("t"));
        GatewayClient client =
            rig.client(gateway)
                .token(() -> "login " + asked.incrementAndGet())
                .onResumed(resumed::incrementAndGet)
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      gateway.peer(0).close(CloseCode.INTERNAL);
      assertThat(token(gateway.peer(1))).isEqualTo("t1");
      Await.until("resumed", () -> resumed.get() == 1);
      gateway.peer(1).close(CloseCode.REATTACHED);
      assertThat(token(gateway.peer(2))).isEqualTo("t2");
      Await.until("resumed", () -> resumed.get() == 2);
      assertThat(asked).hasValue(1);
      assertThat(starts(gateway.peer(0)).getFirst().getAuthToken()).isEqualTo("login 1");
      assertThat(starts(gateway.peer(1)).getFirst().getAuthToken()).isEmpty();
    }
  }

  @Test
  void logsInAgainWithAFreshTokenOnTheSameConnection() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    CompletableFuture<Resync.Reason> resync = new CompletableFuture<>();
    ScriptedGateway.Script forgets =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_START && peer.number == 0) {
            peer.answerStart(request, accepted("one", 1, false));
          } else if (request.getType() == RequestType.REQUEST_START) {
            if (!ScriptedGateway.start(request).getResumeToken().isEmpty()) {
              peer.refuse(request, 411);
            } else {
              peer.answerStart(request, accepted("two", 2, false));
              peer.signal(
                  PushType.PUSH_RESYNC,
                  0,
                  Resync.newBuilder().setReason(Resync.Reason.SESSION_GONE).build());
            }
          }
        };
    try (ScriptedGateway gateway = rig.gateway(forgets);
        GatewayClient client =
            rig.client(gateway)
                .token(() -> "login " + asked.incrementAndGet())
                .onResync((reason, detail) -> resync.complete(reason))
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      gateway.peer(0).close(CloseCode.INTERNAL);
      assertThat(resync.get(10, TimeUnit.SECONDS)).isEqualTo(Resync.Reason.SESSION_GONE);
      assertThat(starts(gateway.peer(1)))
          .extracting(StartRequest::getAuthToken)
          .containsExactly("", "login 2");
      assertThat(gateway.connections()).isEqualTo(2);
    }
  }

  @Test
  void triesAgainWhenTheTokenSupplierFails() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedGateway gateway = rig.gateway(giving("t"));
        GatewayClient client =
            rig.client(gateway)
                .token(
                    () -> {
                      if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("the token service is down");
                      }
                      return "login";
                    })
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      assertThat(client.lastProblem()).contains("the token service is down");
      assertThat(asked).hasValue(2);
    }
  }

  @Test
  void tellsGapsInOrderAndAcknowledgesThem() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    ScriptedGateway.Script dropping =
        (peer, request) -> {
          giving("t").onRequest(peer, request);
          if (request.getType() == RequestType.REQUEST_START) {
            peer.push(1, ByteString.EMPTY);
            peer.signal(
                PushType.PUSH_GAP,
                4,
                Gap.newBuilder()
                    .setFirstSeqId(2)
                    .setLastSeqId(4)
                    .setReason(Gap.Reason.AGE)
                    .build());
            peer.push(5, ByteString.EMPTY);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(dropping);
        GatewayClient client =
            rig.client(gateway)
                .onPush(push -> told.add("push " + push.seqId()))
                .onGap((first, last, reason) -> told.add(first + "-" + last + " " + reason))
                .connect()) {
      ScriptedGateway.Peer peer = gateway.peer(0);
      Await.until("acknowledged", () -> peer.acked.get() == 5);
      assertThat(told).containsExactly("push 1", "2-4 AGE", "push 5");
      assertThat(client.stats().join().positionsMissed()).isEqualTo(3);
    }
  }

  @Test
  void isKickedForGood() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    try (ScriptedGateway gateway = rig.gateway(giving("t"));
        GatewayClient client =
            rig.client(gateway)
                .onKicked((reason, detail) -> told.add("kicked " + reason + " " + detail))
                .onClosed(reason -> told.add("closed " + reason.code()))
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      gateway
          .peer(0)
          .later(
              peer -> {
                peer.signal(
                    PushType.PUSH_KICKED,
                    0,
                    Kicked.newBuilder()
                        .setReason(Kicked.Reason.REPLACED)
                        .setDetail("on a phone")
                        .build());
                peer.connection.close(CloseCode.REPLACED);
              });
      client.whenClosed().get(10, TimeUnit.SECONDS);
      Await.until("told", () -> told.size() == 2);
      assertThat(told).containsExactly("kicked REPLACED on a phone", "closed REPLACED");
      assertThat(gateway.connections()).isEqualTo(1);
    }
  }

  @Test
  void goesWhereItIsSentAndKeepsItsSession() throws Exception {
    List<ServerAddress> named = new CopyOnWriteArrayList<>();
    AtomicInteger resumed = new AtomicInteger();
    try (ScriptedGateway stopping = rig.gateway(giving("old "));
        ScriptedGateway next = rig.gateway(giving("new "));
        GatewayClient client =
            rig.client(stopping)
                .onGoAway((addresses, wait) -> named.addAll(addresses))
                .onResumed(resumed::incrementAndGet)
                .connect()) {
      client.whenReady().get(10, TimeUnit.SECONDS);
      stopping
          .peer(0)
          .later(
              peer -> {
                peer.signal(
                    PushType.PUSH_GO_AWAY,
                    0,
                    GoAway.newBuilder().setRetryAfterMs(20).addAddresses(next.address()).build());
                peer.connection.close(CloseCode.GOING_AWAY);
              });
      assertThat(token(next.peer(0))).isEqualTo("old 1");
      Await.until("resumed", () -> resumed.get() == 1);
      assertThat(named).containsExactly(ServerAddress.parse(next.address()));
      assertThat(stopping.connections()).isEqualTo(1);
    }
  }

  @Test
  void followsToTheSecondAddressWhenTheFirstDies() throws Exception {
    AtomicInteger resumed = new AtomicInteger();
    try (ScriptedGateway second = rig.gateway(giving("second "))) {
      GatewayClient client;
      ScriptedGateway first = rig.gateway(giving("first "));
      try (first) {
        client =
            rig.client(first)
                .server(second.address())
                .connectTimeout(Duration.ofMillis(300))
                .onResumed(resumed::incrementAndGet)
                .connect();
        client.whenReady().get(10, TimeUnit.SECONDS);
        assertThat(second.connections()).isZero();
      }
      try (client) {
        assertThat(token(second.peer(0))).isEqualTo("first 1");
        Await.until("resumed", () -> resumed.get() == 1);
        assertThat(client.state()).isEqualTo(ClientState.READY);
      }
    }
  }

  @Test
  void saysThatTheOutcomeIsUnknownOnlyWhenTheGatewayDoes() throws Exception {
    ScriptedGateway.Script failing =
        (peer, request) -> {
          if (request.getType() == RequestType.REQUEST_BUSINESS) {
            boolean unknown = request.getSeqId() == 1;
            peer.error(
                request,
                ErrorMessage.newBuilder().setErrorCode(500).setOutcomeUnknown(unknown).build());
          } else {
            giving("t").onRequest(peer, request);
          }
        };
    try (ScriptedGateway gateway = rig.gateway(failing);
        GatewayClient client = rig.client(gateway).connect()) {
      assertThatThrownBy(() -> client.request("pay").get(10, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(OutcomeUnknownException.class);
      assertThatThrownBy(() -> client.request("pay").get(10, TimeUnit.SECONDS))
          .cause()
          .isExactlyInstanceOf(RequestException.class);
    }
  }

  @Test
  void acknowledgesOnTheNextRequest() throws Exception {
    try (ScriptedGateway gateway = rig.gateway(giving("t"));
        GatewayClient client =
            rig.client(gateway)
                .settings(
                    s -> {
                      ClientSettings.Timers t = s.timers();
                      return s.withTimers(
                          new ClientSettings.Timers(
                              t.connectNanos(),
                              t.startNanos(),
                              t.heartbeatNanos(),
                              false,
                              50_000_000));
                    })
                .connect()) {
      for (int i = 0; i < 100; i++) {
        client.request("a").get(10, TimeUnit.SECONDS);
      }
      ScriptedGateway.Peer peer = gateway.peer(0);
      Await.until("acknowledged", () -> peer.acked.get() == 100);
      assertThat(client.stats().join().acksCarried()).isGreaterThan(20);
      assertThat(peer.received.stream().mapToLong(ClientRequest::getAckSeqId).max().orElse(0))
          .isBetween(1L, 99L);
    }
  }
}
