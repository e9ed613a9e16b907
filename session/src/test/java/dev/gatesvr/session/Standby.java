package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.SessionEntry;
import dev.gatesvr.proto.SessionOp;
import java.util.ArrayDeque;
import java.util.Random;

/** A replica that entries reach late, checked against its session whenever it has them all. */
final class Standby {
  private final Random random;
  private final ArrayDeque<OnItsWay> onTheirWay = new ArrayDeque<>();
  private Session replica;

  private record OnItsWay(SessionEntry entry, long lastSeq) {}

  Standby(Random random, Session session, long nowNanos) {
    this.random = random;
    this.replica = snapshot(session, nowNanos);
  }

  private static Session snapshot(Session session, long nowNanos) {
    return SessionReplica.restore(
        SessionReplica.capture(session, nowNanos).build(),
        SessionWorld.LIMITS,
        new Recorder(),
        nowNanos);
  }

  /** Another process takes the replica's place, with a snapshot. */
  void startAnew(Session session, long nowNanos) {
    onTheirWay.clear();
    replica = snapshot(session, nowNanos);
    checkAgainst(session);
  }

  void send(Recorder recorder, long lastSeq) {
    if (!recorder.isEmpty()) {
      onTheirWay.add(new OnItsWay(recorder.take(1), lastSeq));
    }
  }

  /** Applies so many entries; returns the newest position that is there now, 0 for none. */
  long arrive(int entries, long nowNanos) {
    long replicated = 0;
    for (int i = 0; i < entries && !onTheirWay.isEmpty(); i++) {
      OnItsWay arrived = onTheirWay.remove();
      for (SessionOp op : arrived.entry.getOpsList()) {
        SessionReplica.apply(replica, op, nowNanos + random.nextInt(5));
      }
      replicated = arrived.lastSeq;
    }
    return replicated;
  }

  void checkAgainst(Session session) {
    if (onTheirWay.isEmpty()) {
      assertThat(SessionReplica.digest(replica))
          .as("digest")
          .isEqualTo(SessionReplica.digest(session));
      assertThat(replica.queuedBytes()).isEqualTo(session.queuedBytes());
      assertThat(replica.queuedMessages()).isEqualTo(session.queuedMessages());
      assertThat(replica.outstandingRequests()).isEqualTo(session.outstandingRequests());
    }
  }

  /** The replica, which is the session from now on. */
  Session takeOver(Recorder recorder, long nowNanos) {
    replica.takeOver(recorder, replica.epoch(), nowNanos);
    return replica;
  }
}
