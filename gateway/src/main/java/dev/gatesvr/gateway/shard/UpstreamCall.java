package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.session.Reply;
import dev.gatesvr.upstream.grpc.ReplyObserver;
import dev.gatesvr.upstream.grpc.UpstreamFailure;
import java.util.Locale;

/** One request on its way to an upstream. Confined to its session's shard. */
final class UpstreamCall implements ReplyObserver {
  private static final int OK = 200;

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

  void start(UpstreamRequest request) {
    SessionShard shard = player.shard();
    shard.upstream().process(player.zone(), request, shard.upstreamTimeoutNanos(), this);
    issued = true;
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
    settle(
        new Reply.Failure(failure.errorCode(), message(failure), detail, failure.mayHaveRun()),
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
