package dev.gatesvr.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The SDK between two gateways over real QUIC. */
@Timeout(30)
class GatewayClientPairTest {
  private static final long MILLI = 1_000_000;

  @TempDir private Path folder;
  private TestIdentity identity;
  private Path caPem;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void makeCertificate() throws GeneralSecurityException, IOException {
    identity = TestIdentity.create();
    caPem = identity.writePem(folder.resolve("ca.crt"));
  }

  /** One gateway of the pair, as a primary or a standby would answer. */
  private final class Node implements AutoCloseable {
    final AtomicInteger issued = new AtomicInteger();
    final List<ScriptedGateway.Peer> waiting = new CopyOnWriteArrayList<>();
    final ScriptedGateway gateway;
    volatile boolean primary;
    volatile boolean silent;
    volatile List<String> named = List.of();

    Node() throws IOException {
      gateway = new ScriptedGateway(identity.identity(), this::onRequest);
    }

    private void onRequest(ScriptedGateway.Peer peer, ClientRequest request) {
      if (silent) {
        return;
      }
      switch (request.getType()) {
        case REQUEST_START -> onStart(peer, request, ScriptedGateway.start(request));
        case REQUEST_BUSINESS -> peer.echo(request, request.getSeqId());
        case REQUEST_HEARTBEAT -> peer.heartbeat(request);
        default -> {}
      }
    }

    private void onStart(ScriptedGateway.Peer peer, ClientRequest request, StartRequest start) {
      if (primary && !start.getWarm()) {
        peer.answerStart(
            request,
            StartResponse.newBuilder()
                .setSuccess(true)
                .setEpoch(1)
                .setResumed(!start.getResumeToken().isEmpty())
                .setNextClientSeqId(1)
                .setResumeToken(ByteString.copyFromUtf8(address() + "#" + issued.incrementAndGet()))
                .addAllGateways(named));
        return;
      }
      ErrorMessage error = ErrorMessage.newBuilder().setErrorCode(421).setRetryAfterMs(20).build();
      peer.answerStart(request, StartResponse.newBuilder().setError(error).addAllGateways(named));
      if (start.getWarm()) {
        waiting.add(peer);
      }
      if (start.getWarm() && primary) {
        offer(peer);
      }
    }

    private void offer(ScriptedGateway.Peer peer) {
      peer.later(
          it -> it.signal(PushType.PUSH_ATTACH_OFFER, 0, StartResponse.getDefaultInstance()));
    }

    void takeOver(Node other) {
      other.primary = false;
      lead(other);
      waiting.forEach(this::offer);
    }

    void lead(Node other) {
      primary = true;
      named = List.of(address(), other.address());
      other.named = named;
    }

    String address() {
      return gateway.address();
    }

    long starts() {
      long starts = 0;
      for (int i = 0; i < gateway.connections(); i++) {
        starts += gateway.peer(i).count(RequestType.REQUEST_START);
      }
      return starts;
    }

    @Override
    public void close() {
      gateway.close();
    }
  }

  private GatewayClientBuilder client(Node first) {
    return GatewayClient.builder()
        .server(first.address())
        .openid("10001")
        .token("secret")
        .trust(caPem)
        .onResumed(() -> told.add("resumed"))
        .onResync((reason, detail) -> told.add("resync"))
        .onFailover(gateway -> told.add("failover " + gateway))
        .settings(
            s ->
                s.withReconnect(
                        new ClientSettings.Reconnect(MILLI, 10 * MILLI, Integer.MAX_VALUE, 0))
                    .withStandby(
                        new ClientSettings.Standby(
                            true,
                            true,
                            50 * MILLI,
                            5_000 * MILLI,
                            500 * MILLI,
                            new ClientSettings.Reconnect(
                                MILLI, 10 * MILLI, Integer.MAX_VALUE, 0))));
  }

  private static void ready(GatewayClient client) throws Exception {
    client.whenReady().get(10, TimeUnit.SECONDS);
  }

  private static ClientStats stats(GatewayClient client) {
    return client.stats().join();
  }

  private static void awaitWarm(Node standby) {
    Await.until("the second connection waits", () -> !standby.waiting.isEmpty());
  }

  @Test
  void goesOnAtTheStandbyWhilePrimaryIsSilentAndItsConnectionOpen() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(a).connect()) {
        ready(client);
        awaitWarm(b);
        a.silent = true;
        CompletableFuture<Response> asked = client.request("hello");
        Await.until("asked", () -> a.gateway.peer(0).count(RequestType.REQUEST_BUSINESS) == 1);
        b.takeOver(a);
        assertThat(asked.get(10, TimeUnit.SECONDS).message()).isEqualTo("hello");
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(b.gateway.connections()).as("no other handshake").isEqualTo(1);
        assertThat(told).containsExactly("failover " + b.address(), "resumed");
        Await.until("the old one is left", () -> a.gateway.peer(0).closed);
        assertThat(a.gateway.peer(0).count(RequestType.REQUEST_STOP)).isZero();
        StartRequest claim =
            ScriptedGateway.start(
                b.gateway.peer(0).received.stream()
                    .filter(r -> r.getType() == RequestType.REQUEST_START)
                    .toList()
                    .getLast());
        assertThat(claim.getResumeToken().toStringUtf8()).isEqualTo(a.address() + "#1");
        assertThat(stats(client).failovers()).isEqualTo(1);
      }
    }
  }

  @Test
  void keepsTheSecondConnectionWithHeartbeatsAndMakesItAnew() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(a).connect()) {
        ready(client);
        awaitWarm(b);
        Await.until(
            "heartbeats", () -> b.gateway.peer(0).count(RequestType.REQUEST_HEARTBEAT) >= 3);
        b.gateway.peer(0).close(CloseCode.INTERNAL);
        Await.until("another", () -> b.waiting.size() == 2);
        Await.until("counted", () -> stats(client).warmConnections() == 2);
        assertThat(client.state()).isEqualTo(ClientState.READY);
        assertThat(a.gateway.connections()).isEqualTo(1);
      }
      Await.until("left", () -> b.gateway.peer(1).closed);
    }
  }

  @Test
  void goesOnWhereItWaitsWhenThePrimaryClosesFirst() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(a).connect()) {
        ready(client);
        awaitWarm(b);
        b.lead(a);
        a.primary = false;
        a.gateway.peer(0).close(CloseCode.GOING_AWAY);
        Await.until("back", () -> told.contains("resumed"));
        assertThat(told).containsExactly("failover " + b.address(), "resumed");
        assertThat(client.request("hello").get(10, TimeUnit.SECONDS).ok()).isTrue();
      }
    }
  }

  @Test
  void switchesThereAndBackAgainAsOftenAsItIsAsked() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(a).connect()) {
        ready(client);
        Node from = a;
        Node to = b;
        for (int i = 1; i <= 6; i++) {
          Node standby = to;
          int switches = i;
          Await.until("waits", () -> stats(client).warmConnections() >= switches);
          standby.takeOver(from);
          Await.until("switched", () -> stats(client).failovers() == switches);
          to = from;
          from = standby;
        }
        assertThat(client.request("hello").get(10, TimeUnit.SECONDS).ok()).isTrue();
        assertThat(told).doesNotContain("resync");
        assertThat(stats(client).attaches()).isEqualTo(7);
      }
    }
  }

  @Test
  void followsAStandbyToThePrimary() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(b).warmStandby(false).connect()) {
        ready(client);
        assertThat(b.starts()).isEqualTo(1);
        assertThat(a.starts()).isEqualTo(1);
        assertThat(stats(client).notPrimary()).isEqualTo(1);
        assertThat(stats(client).warmConnections()).isZero();
      }
    }
  }

  @Test
  void doesNotRunBetweenTwoThatNameEachOther() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.named = List.of(b.address());
      b.named = List.of(a.address());
      try (GatewayClient client = client(a).connect()) {
        Await.until("some", () -> stats(client).notPrimary() > 5);
        long startedNanos = System.nanoTime();
        long before = stats(client).notPrimary();
        Await.until("some more", () -> stats(client).notPrimary() >= before + 10);
        assertThat(System.nanoTime() - startedNanos).isGreaterThan(9 * 20 * MILLI);
        b.lead(a);
        ready(client);
      }
    }
  }

  @Test
  void leavesThroughTheSecondConnectionWhenItIsSentAway() throws Exception {
    try (Node a = new Node();
        Node b = new Node()) {
      a.lead(b);
      try (GatewayClient client = client(a).connect()) {
        ready(client);
        awaitWarm(b);
        b.lead(a);
        a.primary = false;
        a.gateway
            .peer(0)
            .later(
                peer ->
                    peer.signal(
                        PushType.PUSH_GO_AWAY,
                        0,
                        GoAway.newBuilder().setRetryAfterMs(30).addAddresses(b.address()).build()));
        Await.until("back", () -> told.contains("resumed"));
        assertThat(b.gateway.connections()).isEqualTo(1);
      }
    }
  }
}
