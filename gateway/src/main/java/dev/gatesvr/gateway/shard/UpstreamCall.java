package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.session.Reply;
import dev.gatesvr.session.SessionState;
import dev.gatesvr.upstream.grpc.Choice;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request on its way to an upstream. Confined to its session's shard. */
final class UpstreamCall implements ReplyObserver {
  private static final int OK = 200;

  /** The incarnation of an upstream that keeps no results. */
  private static final long OLD_WIRE = 0;

  private final PlayerSession player;
  private final long clientSeq;
  private final long receivedNanos;
  private final long startedNanos;
  private boolean issued;

  UpstreamCall(PlayerSession player, long clientSeq, long receivedNanos, long startedNanos) {
    this.player = player;
    this.clientSeq = clientSeq;
    this.receivedNanos = receivedNanos;
    this.startedNanos = startedNanos;
  }

  long clientSeq() {
    return clientSeq;
  }

  long receivedNanos() {
    return receivedNanos;
  }

  long startedNanos() {
    return startedNanos;
  }

  /** Sends it once its zone can be called, and once the standby knows where it goes. */
  void start(ClientRequest frame, BusinessRequest business) {
    Long attempted = player.core().attempted(clientSeq);
    if (attempted != null && attempted == OLD_WIRE) {
      onFailure(UpstreamFailure.OUTCOME_UNKNOWN, "it may have run before this gateway took over");
      return;
    }
    UpstreamRequest request = request(frame, business, attempted);
    SessionShard shard = player.shard();
    if (shard.upstream().ready(player.zone())) {
      send(request);
    } else {
      shard.whenReady(player.zone(), () -> sendNow(request), this::takenOver);
    }
    issued = true;
  }

  /** Outside of the session's own inputs. */
  private void sendNow(UpstreamRequest request) {
    if (player.core().state() == SessionState.ENDED) {
      onFailure(UpstreamFailure.STOPPED, "the session ended");
    } else {
      send(request);
      player.settled();
    }
  }

  private void send(UpstreamRequest request) {
    SessionShard shard = player.shard();
    Choice choice = shard.upstream().choose(player.zone(), request);
    if (choice == null) {
      onFailure(UpstreamFailure.NO_UPSTREAM, "zone " + player.zone());
      return;
    }
    if (request.getAttemptedIncarnation() == 0) {
      player.core().dispatched(clientSeq, choice.incarnation());
    }
    shard
        .replica()
        .leaveAfterInput(
            () ->
                shard
                    .upstream()
                    .send(choice, request, shard.upstreamTimeoutNanos(), this::moves, this),
            this::takenOver);
  }

  /** It goes to another process than the standby was told of. */
  private void moves(long incarnation, Runnable goes) {
    player.core().dispatched(clientSeq, incarnation);
    player.settled();
    player.shard().replica().leaveAfterCommit(goes, () -> {});
  }

  private void takenOver() {
    onFailure(UpstreamFailure.STOPPED, "another gateway took over");
  }

  private UpstreamRequest request(
      ClientRequest frame, BusinessRequest business, @Nullable Long attempted) {
    SessionShard shard = player.shard();
    UpstreamRequest.Builder call =
        UpstreamRequest.newBuilder()
            .setSessionId(player.sessionId())
            .setOpenid(player.openid())
            .setAction(business.getAction())
            .setData(business.getData())
            .setClientSeqId(clientSeq)
            .setGatewayTerm(shard.lead().term())
            .setGatewayPair(shard.lead().pair());
    if (shard.replica().settledIsKnown()) {
      call.setSettledClientSeqId(player.core().settledClientSeq());
    }
    if (attempted != null) {
      call.setAttemptedIncarnation(attempted);
    }
    if (business.getParamsCount() > 0) {
      call.putAllParams(business.getParamsMap());
    }
    if (frame.getHeadersCount() > 0) {
      call.putAllHeaders(frame.getHeadersMap());
    }
    player.facts().describe(call);
    return call.build();
  }

  @Override
  public void onReply(UpstreamResponse response) {
    player.shard().metrics().upstreamCall(player.zone().toString(), "ok");
    player.facts().change(response);
    settle(
        new Reply.Answer(
            response.getCode(),
            response.getMessage(),
            response.getData(),
            response.getHeadersMap()),
        OK);
  }

  @Override
  public void onFailure(UpstreamFailure failure, String detail) {
    player.shard().troubles().upstreamFailed(player.zone(), failure, detail);
    player
        .shard()
        .metrics()
        .upstreamCall(player.zone().toString(), failure.name().toLowerCase(Locale.ROOT));
    // Whoever fenced this gateway may have the request, and run it.
    boolean mayHaveRun = failure.mayHaveRun() || failure == UpstreamFailure.FENCED;
    settle(
        new Reply.Failure(failure.errorCode(), message(failure), detail, mayHaveRun),
        failure.errorCode());
  }

  private static String message(UpstreamFailure failure) {
    return switch (failure) {
      case NO_UPSTREAM -> "no upstream serves the zone";
      case DEADLINE -> "the upstream did not answer in time";
      case UNREACHABLE -> "the upstream cannot be reached";
      case REFUSED -> "the upstream refused the request";
      case FENCED -> "another gateway took over";
      case FAILED -> "the upstream failed";
      case OUTCOME_UNKNOWN -> "nobody knows whether the request ran";
      case STOPPED -> "the gateway is stopping";
    };
  }

  /** A failure may be known before the call is made; the session must not be re-entered. */
  private void settle(Reply reply, int code) {
    if (issued) {
      player.onReply(this, reply, code);
    } else {
      player.shard().execute(() -> player.onReply(this, reply, code));
    }
  }
}
