package dev.gatesvr.gateway.push;

import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.offline.StoreVerdict;
import dev.gatesvr.gateway.offline.TwoLooks;
import dev.gatesvr.gateway.shard.PlayerSession;
import dev.gatesvr.gateway.shard.SessionDirectory;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.upstream.grpc.PushPort;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds who a push is for and hands it to their shards. Thread-safe: called by gRPC, only posts.
 */
public final class PushRouter implements PushPort {
  /** Each holds one message and one list of receivers while it runs. */
  private static final int BROADCASTS_MAX = 64;

  private final SessionDirectory directory;
  private final List<SessionShard> shards;
  private final OfflineStore offline;
  private final GatewayMetrics metrics;
  private final AtomicInteger broadcasts = new AtomicInteger();

  public PushRouter(
      SessionDirectory directory,
      List<SessionShard> shards,
      OfflineStore offline,
      GatewayMetrics metrics) {
    this.offline = offline;
    this.directory = directory;
    this.shards = List.copyOf(shards);
    this.metrics = metrics;
  }

  @Override
  public void push(UnicastPushRequest request, Consumer<UnicastPushResponse> reply) {
    switch (request.getTargetType()) {
      case "openid" -> push(request, directory.ofOpenid(request.getTargetId()), reply);
      case "session" -> push(request, directory.ofSessionId(request.getTargetId()), reply);
      default ->
          refuse(
              reply,
              "UNSUPPORTED_TARGET",
              "target_type: \"" + request.getTargetType() + "\" (expected: openid or session)");
    }
  }

  private void push(
      UnicastPushRequest request,
      @Nullable PlayerSession player,
      Consumer<UnicastPushResponse> reply) {
    Delivery delivery = PushMessages.delivery(request);
    if (player != null) {
      ServerPush.Builder message = PushMessages.of(request);
      player
          .shard()
          .execute(
              () -> {
                PushVerdict verdict = player.push(message, delivery);
                if (verdict.accepted()) {
                  acknowledge(player, verdict, reply);
                } else {
                  answer(verdict, reply);
                }
              });
    } else if (storable(request)) {
      StoreVerdict verdict = store(request, delivery);
      metrics.push("unicast", verdict.name().toLowerCase(Locale.ROOT));
      reply.accept(PushAnswers.of(verdict));
    } else {
      refuse(
          reply,
          "TARGET_NOT_FOUND",
          "no session of " + request.getTargetType() + " " + request.getTargetId());
    }
  }

  /** Once the standby has it. */
  private void acknowledge(
      PlayerSession player, PushVerdict verdict, Consumer<UnicastPushResponse> reply) {
    long seq = player.lastSeq();
    player
        .shard()
        .replica()
        .acknowledge(
            () -> answer(player.verdictNow(verdict, seq), reply),
            () -> refuse(reply, "OUTCOME_UNKNOWN", "another gateway took over"));
  }

  private void answer(PushVerdict verdict, Consumer<UnicastPushResponse> reply) {
    metrics.push("unicast", verdict.name().toLowerCase(Locale.ROOT));
    reply.accept(PushAnswers.of(verdict));
  }

  /** A bound push has no request without a session, and no player has an OpenID that long. */
  private boolean storable(UnicastPushRequest request) {
    return offline.enabled()
        && request.getTargetType().equals("openid")
        && request.getSyncHint() == NotifySyncHint.NSH_IMMEDIATELY
        && request.getTargetIdBytes().size() <= Limits.OPENID_BYTES_MAX;
  }

  private StoreVerdict store(UnicastPushRequest request, Delivery delivery) {
    String openid = request.getTargetId();
    ServerPush message = PushMessages.of(request).build();
    return TwoLooks.<PlayerSession>store(
        () -> offline.add(openid, message, delivery, System.nanoTime()),
        () -> directory.ofOpenid(openid),
        late -> late.shard().execute(() -> late.takeStored(System.nanoTime())));
  }

  @Override
  public void broadcast(BroadcastRequest request, Consumer<BroadcastResponse> reply) {
    Delivery delivery = PushMessages.delivery(request);
    if (broadcasts.incrementAndGet() > BROADCASTS_MAX) {
      broadcasts.decrementAndGet();
      metrics.push("broadcast", "refused");
      reply.accept(
          BroadcastResponse.newBuilder()
              .setMessage("RESOURCE_EXHAUSTED: " + BROADCASTS_MAX + " broadcasts are running")
              .build());
      return;
    }
    ServerPush shared = PushMessages.of(request).build();
    AtomicInteger left = new AtomicInteger(shards.size());
    AtomicInteger sent = new AtomicInteger();
    for (SessionShard shard : shards) {
      shard.execute(
          () ->
              shard.broadcast(
                  shared,
                  delivery,
                  taken -> {
                    Runnable done =
                        () -> {
                          sent.addAndGet(taken);
                          if (left.decrementAndGet() == 0) {
                            broadcastDone(sent.get(), reply);
                          }
                        };
                    shard.replica().acknowledge(done, done);
                  }));
    }
  }

  private void broadcastDone(int sent, Consumer<BroadcastResponse> reply) {
    broadcasts.decrementAndGet();
    metrics.push("broadcast", "done");
    reply.accept(BroadcastResponse.newBuilder().setSentCount(sent).setMessage("ok").build());
  }

  private void refuse(Consumer<UnicastPushResponse> reply, String code, String why) {
    metrics.push("unicast", code.toLowerCase(Locale.ROOT));
    reply.accept(PushAnswers.refused(code, why));
  }
}
