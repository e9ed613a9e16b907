package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.shard.Answers;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.session.Session;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.session.StartRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Real sessions and start rules behind as much edge as {@code SessionShard} has. */
final class SimGateway {
  private final World world;
  private final SimZone zone;
  private final Map<String, SimSession> byOpenid = new HashMap<>();
  private final Map<Long, SimSession> byNumber = new HashMap<>();
  private final List<SimSession> all = new ArrayList<>();
  private long numbers;

  SimGateway(World world) {
    this.world = world;
    this.zone = new SimZone(world, this);
  }

  World world() {
    return world;
  }

  SimZone zone() {
    return zone;
  }

  @Nullable SimSession sessionOf(String openid) {
    return byOpenid.get(openid);
  }

  /** Every session there ever was. */
  List<SimSession> all() {
    return all;
  }

  boolean memoryFull() {
    long bytes = 0;
    for (SimSession session : byNumber.values()) {
      bytes += session.core.queuedBytes();
    }
    return bytes >= world.bounds().totalBytesMax();
  }

  /** A resume token without its seal: whose, and which. */
  private record Claim(String openid, long number, long attach) {
    ByteString seal() {
      return ByteString.copyFromUtf8(openid + "/" + number + "/" + attach);
    }

    static Claim open(ByteString token) {
      String[] parts = token.toStringUtf8().split("/");
      return new Claim(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }
  }

  void start(SimConnection connection, int msgId, StartRequest start) {
    boolean login = start.getResumeToken().isEmpty();
    SimSession existing =
        login
            ? byOpenid.get(start.getOpenid())
            : byNumber.get(Claim.open(start.getResumeToken()).number);
    switch (decide(existing, start)) {
      case StartDecision.Resume resume when existing != null -> {
        world.count("resumed");
        assertThat(existing.owner).as("only its own device resumes it").isSameAs(connection.device);
        attach(existing, connection, msgId, start, resume);
      }
      case StartDecision.Resume resume -> throw new AssertionError(resume);
      case StartDecision.Fresh fresh -> {
        if (existing != null) {
          existing.kick(Kicked.Reason.REPLACED);
        }
        attach(create(start.getOpenid(), connection.device), connection, msgId, start, fresh);
      }
      case StartDecision.Refuse refuse -> connection.refused(msgId, refuse.why());
      case StartDecision.Replaced replaced -> {
        world.count("came back too late");
        connection.transmit(Answers.replaced());
        connection.close(CloseCode.REPLACED);
      }
    }
  }

  /** What the start becomes; changes nothing. */
  StartDecision decide(@Nullable SimSession existing, StartRequest start) {
    Session core = existing == null ? null : existing.core;
    if (start.getResumeToken().isEmpty()) {
      return StartRules.login(core, start);
    }
    Claim claim = Claim.open(start.getResumeToken());
    boolean own =
        existing != null
            && existing.openid.equals(claim.openid)
            && claim.openid.equals(start.getOpenid());
    SimSession newest = byOpenid.get(claim.openid);
    boolean newerLogin = newest != null && newest.number > claim.number;
    return StartRules.resume(own ? core : null, claim.attach, newerLogin, start);
  }

  private SimSession create(String openid, SimDevice device) {
    long number = ++numbers;
    Session core = new Session(number * 1_000 + 1, world.limits(), world.time().nowNanos());
    SimSession session = new SimSession(this, openid, number, core, device);
    assertThat(byOpenid.put(openid, session)).as("one live login of a player").isNull();
    byNumber.put(number, session);
    all.add(session);
    return session;
  }

  private void attach(
      SimSession session,
      SimConnection connection,
      int msgId,
      StartRequest start,
      StartDecision decision) {
    session.enter(
        () -> {
          session.dropLink(CloseCode.REATTACHED);
          session.link = connection;
          int level = start.getProtocolLevel();
          long now = world.time().nowNanos();
          boolean resumed = decision instanceof StartDecision.Resume;
          if (decision instanceof StartDecision.Resume resume) {
            session.core.attach(resume.lastAckedSeq(), resume.token(), level, now);
          } else {
            session.core.attach(0, 0, level, now);
          }
          Claim claim = new Claim(session.openid, session.number, session.core.issuedToken());
          connection.attached(session, claim.attach);
          session.owner.given(claim.seal());
          connection.transmit(
              Answers.started(
                  msgId,
                  Answers.describe(session.core, resumed)
                      .setHeartbeatInterval(1)
                      .setResumeToken(claim.seal())));
          if (decision instanceof StartDecision.Fresh fresh
              && fresh.lost() != Resync.Reason.UNKNOWN) {
            connection.transmit(Answers.resync(fresh.lost(), start.getLastAckedSeqId(), level));
          }
          session.core.onWritable(now, session);
        });
  }

  /** The session left every index. */
  void ended(SimSession session) {
    byOpenid.remove(session.openid, session);
    byNumber.remove(session.number);
    world.count("session over");
  }

  /** Every attached player is asked to come back. */
  void sendEverybodyAway() {
    for (SimSession session : List.copyOf(byNumber.values())) {
      SimConnection link = session.link;
      if (link != null) {
        session.enter(
            () -> {
              link.transmit(Answers.goAway(session.core.protocolLevel()));
              session.dropLink(CloseCode.GOING_AWAY);
            });
      }
    }
  }
}
