package dev.gatesvr.upstream.support;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.grpc.PushPort;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A gateway's player side: accepts pushes for the players it knows, and remembers them all. */
public final class RecordingPort implements PushPort {
  private final List<UnicastPushRequest> pushes = new CopyOnWriteArrayList<>();
  private final List<BroadcastRequest> broadcasts = new CopyOnWriteArrayList<>();
  private final List<Consumer<UnicastPushResponse>> withheld = new CopyOnWriteArrayList<>();
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  private volatile @Nullable UnicastPushResponse scripted;
  private volatile boolean delivers;

  public RecordingPort(String... targets) {
    known.addAll(List.of(targets));
  }

  /** Answers every push with this from now on. */
  public void answerWith(UnicastPushResponse response) {
    scripted = response;
  }

  /** Answers the oldest push to the target {@code held}. */
  public void release(UnicastPushResponse response) {
    withheld.remove(0).accept(response);
  }

  /** Answers pushes to those it knows as GateSvr's successor does, from now on. */
  public void deliver() {
    delivers = true;
  }

  public List<UnicastPushRequest> pushes() {
    return pushes;
  }

  public List<BroadcastRequest> broadcasts() {
    return broadcasts;
  }

  @Override
  public void push(UnicastPushRequest request, Consumer<UnicastPushResponse> reply) {
    pushes.add(request);
    if (request.getTargetId().equals("explode")) {
      throw new IllegalStateException("the port broke");
    }
    if (request.getTargetId().equals("silent")) {
      return;
    }
    if (request.getTargetId().equals("held")) {
      withheld.add(reply);
      return;
    }
    boolean success = known.contains(request.getTargetId());
    UnicastPushResponse told = scripted;
    UnicastPushResponse response =
        told != null
            ? told
            : UnicastPushResponse.newBuilder()
                .setSuccess(success)
                .setErrorCode(success ? "" : "NO_SUCH_PLAYER")
                .setOutcome(
                    success && delivers
                        ? PushOutcome.PUSH_DELIVERED
                        : PushOutcome.PUSH_OUTCOME_UNKNOWN)
                .build();
    // From another thread, as a port would.
    Thread.ofVirtual()
        .start(
            () -> {
              reply.accept(response);
              if (request.getTargetId().equals("twice")) {
                reply.accept(response.toBuilder().setMessage("again").build());
              }
            });
  }

  @Override
  public void broadcast(BroadcastRequest request, Consumer<BroadcastResponse> reply) {
    broadcasts.add(request);
    reply.accept(BroadcastResponse.newBuilder().setSentCount(known.size()).build());
  }
}
