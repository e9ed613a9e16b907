package dev.gatesvr.gateway.shard;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.StartDecision;
import java.util.List;

/** What a session answers to START, and the resume tokens it gives out. Confined to its shard. */
final class StartAnswers {
  private final PlayerSession player;
  private long tokenSealedNanos;

  StartAnswers(PlayerSession player) {
    this.player = player;
  }

  /** The answer, and after it why a history is not continued; after the session was attached. */
  List<ServerPush> answers(StartCommand command, StartDecision.Attach decision, long nowNanos) {
    return switch (decision) {
      case StartDecision.Resume resume -> List.of(started(command.msgId(), true, nowNanos));
      case StartDecision.Fresh fresh when fresh.lost() == Resync.Reason.UNKNOWN ->
          List.of(started(command.msgId(), false, nowNanos));
      case StartDecision.Fresh fresh ->
          List.of(
              started(command.msgId(), false, nowNanos),
              Answers.resync(
                  fresh.lost(),
                  command.start().getLastAckedSeqId(),
                  command.start().getProtocolLevel()));
    };
  }

  private ServerPush started(int msgId, boolean resumed, long nowNanos) {
    SessionShard shard = player.shard();
    Session session = player.core();
    StartResponse.Builder response =
        Answers.describe(session, resumed)
            .setHeartbeatInterval(HeartbeatPace.seconds(shard.heartbeatSeconds(), player.number()))
            .setConnectionId(player.sessionId());
    if (session.protocolLevel() != Session.LEVEL_GATESVR) {
      response
          .setResumeToken(token(nowNanos))
          .setSessionTimeoutMs(shard.sessionTimeoutMillis())
          .addAllGateways(shard.lead().gateways());
    }
    return Answers.started(msgId, response);
  }

  /** The newest token, sealed anew. */
  ByteString token(long nowNanos) {
    tokenSealedNanos = nowNanos;
    return player
        .shard()
        .tokens()
        .seal(
            new ResumeClaim(
                player.sessionId(), player.openid(), player.number(), player.core().issuedToken()));
  }

  /** True when the next heartbeat brings the client another one. */
  boolean tokenGrewOld(long nowNanos) {
    return nowNanos - tokenSealedNanos >= player.shard().tokenRefreshNanos()
        && player.core().protocolLevel() != Session.LEVEL_GATESVR;
  }
}
