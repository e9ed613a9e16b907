package dev.gatesvr.client.core;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two gateways over one {@link ModelGateway}, as synchronous replication makes them look from
 * outside: only the primary acts on the session, what it did is there at the other at once, and
 * what is not the primary any more does nothing to the session.
 */
final class ModelPair {
  static final ServerAddress A = new ServerAddress("a", 1);
  static final ServerAddress B = new ServerAddress("b", 1);

  private final Random random;
  private final ModelGateway gateway;
  private final Set<ServerAddress> paused = new HashSet<>();
  private final Set<ServerAddress> dead = new HashSet<>();

  /** It was paused, and has not noticed yet that it is not the primary any more. */
  private final Set<ServerAddress> zombies = new HashSet<>();

  private final Map<ServerAddress, List<Runnable>> backlog = new HashMap<>();
  private final Map<ModelPeer, ServerAddress> waiting = new HashMap<>();
  private final Set<ModelPeer> everWaited = new LinkedHashSet<>();
  private @Nullable ServerAddress primary = A;
  private int offersLost;
  private int refused;

  ModelPair(Random random, ModelGateway gateway) {
    this.random = random;
    this.gateway = gateway;
  }

  static ServerAddress other(ServerAddress node) {
    return node.equals(A) ? B : A;
  }

  @Nullable ServerAddress primary() {
    return primary;
  }

  /** True when something can happen to the session. */
  boolean serving() {
    return primary != null && up(primary);
  }

  boolean up(ServerAddress node) {
    return !paused.contains(node) && !dead.contains(node);
  }

  boolean dead(ServerAddress node) {
    return dead.contains(node);
  }

  boolean paused(ServerAddress node) {
    return paused.contains(node);
  }

  /** What START_RESP names: the one that answers is the primary. */
  List<String> gateways(ServerAddress first) {
    return List.of(first.toString(), other(first).toString());
  }

  boolean waitsAtTheStandby(ModelPeer peer) {
    return primary != null && other(primary).equals(waiting.get(peer));
  }

  int offersLost() {
    return offersLost;
  }

  int refused() {
    return refused;
  }

  // ---------------------------------------------------------------- requests

  /** A message arrived; a paused gateway reads it when it goes on. */
  void onRequest(ServerAddress node, ClientRequest request, ModelPeer from)
      throws InvalidProtocolBufferException {
    boolean start = request.getType() == RequestType.REQUEST_START;
    boolean warm = start && StartRequest.parseFrom(request.getPayload()).getWarm();
    if (start && (warm || everWaited.contains(from))) {
      checkResumes(StartRequest.parseFrom(request.getPayload()));
    }
    if (zombies.contains(node)) {
      onZombie(node, request, from, start, warm);
    } else if (node.equals(primary) && warm) {
      refuse(node, node, request, from);
      from.send(offer());
    } else if (node.equals(primary)) {
      waiting.remove(from);
      gateway.onRequest(request, from);
    } else if (start) {
      if (warm) {
        waiting.put(from, node);
        everWaited.add(from);
      }
      refused++;
      refuse(node, other(node), request, from);
    } else if (request.getType() == RequestType.REQUEST_HEARTBEAT && waiting.containsKey(from)) {
      from.send(
          ServerPush.newBuilder()
              .setMsgId(request.getMsgId())
              .setType(PushType.PUSH_HEARTBEAT_RESP)
              .build());
    }
  }

  private static void checkResumes(StartRequest start) {
    if (start.getResumeToken().isEmpty() || !start.getAuthToken().isEmpty()) {
      throw new AssertionError("a login on the second connection");
    }
  }

  /** It believes to be the primary, and can neither change nor give away anything. */
  private void onZombie(
      ServerAddress node, ClientRequest request, ModelPeer from, boolean start, boolean warm) {
    if (warm) {
      everWaited.add(from);
      refuse(node, node, request, from);
      from.send(offer());
    } else if (start && everWaited.contains(from) && random.nextBoolean()) {
      ErrorMessage error = ErrorMessage.newBuilder().setErrorCode(411).build();
      from.send(answer(request, StartResponse.newBuilder().setError(error)));
    }
  }

  private void refuse(
      ServerAddress node, ServerAddress named, ClientRequest request, ModelPeer from) {
    ErrorMessage error =
        ErrorMessage.newBuilder().setErrorCode(ErrorCode.NOT_PRIMARY).setRetryAfterMs(5).build();
    StartResponse.Builder response = StartResponse.newBuilder().setError(error);
    if (random.nextInt(10) > 0) {
      response.addAllGateways(gateways(random.nextInt(10) == 0 ? node : named));
    }
    from.send(answer(request, response));
  }

  private static ServerPush answer(ClientRequest request, StartResponse.Builder response) {
    return ServerPush.newBuilder()
        .setMsgId(request.getMsgId())
        .setType(PushType.PUSH_START_RESP)
        .setPayload(response.build().toByteString())
        .build();
  }

  private static ServerPush offer() {
    return ServerPush.newBuilder().setType(PushType.PUSH_ATTACH_OFFER).build();
  }

  void defer(ServerAddress node, Runnable message) {
    backlog.computeIfAbsent(node, unused -> new ArrayList<>()).add(message);
  }

  void connectionLost(ModelPeer lost) {
    waiting.remove(lost);
  }

  // ---------------------------------------------------------------- faults

  /** There is no primary, until the next {@link #promote}. */
  void depose() {
    primary = null;
    gateway.handOver();
  }

  void promote(ServerAddress node) {
    primary = node;
    zombies.remove(node);
    gateway.handOver();
    for (ModelPeer peer : List.copyOf(waiting.keySet())) {
      if (!node.equals(waiting.get(peer))) {
        continue;
      }
      if (random.nextInt(8) == 0) {
        offersLost++;
      } else {
        peer.send(offer());
      }
    }
  }

  void pause(ServerAddress node) {
    paused.add(node);
  }

  /** Goes on; what arrived meanwhile is read first, and only then what became of it is noticed. */
  void unpause(ServerAddress node) {
    paused.remove(node);
    if (!node.equals(primary)) {
      zombies.add(node);
    }
    List<Runnable> messages = backlog.remove(node);
    if (messages != null) {
      messages.forEach(Runnable::run);
    }
  }

  /** Notices that it is not the primary any more. */
  void fence(ServerAddress node) {
    zombies.remove(node);
  }

  void kill(ServerAddress node) {
    dead.add(node);
    waiting.values().removeIf(node::equals);
  }

  void restart(ServerAddress node) {
    dead.remove(node);
  }

  /** The old primary tells its client to go, and closes. */
  @Nullable ModelPeer goAway(int retryAfterMillis, List<String> addresses) {
    return gateway.goAway(retryAfterMillis, addresses);
  }

  static CloseCode leaving() {
    return CloseCode.GOING_AWAY;
  }
}
