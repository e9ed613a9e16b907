package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.service.Decision.Joined;
import dev.gatesvr.upstream.service.Decision.Kept;
import dev.gatesvr.upstream.service.Decision.Run;
import dev.gatesvr.upstream.service.Decision.Unknown;
import dev.gatesvr.upstream.service.Slot.Done;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one process, by session and client sequence, so that no request runs twice in it.
 *
 * <pre>
 *              begin                finish                 settled, or a bound
 *   (nothing) -------> running ------------------> done ----------------------> (below the floor)
 *       ^                 |  \__ a repetition joins  \__ a repetition gets the same answer
 *       |     abandon     |
 *       +-----------------+
 * </pre>
 *
 * <p>A request that is nowhere here runs if it is a first copy, or if it is known that its first
 * copy never arrived: the first was sent to this very process, and everything of its session above
 * its sequence that ever arrived is still here. Otherwise its outcome is unknown, and it runs only
 * if its action is idempotent.
 *
 * <p>What it cannot know: a first copy of a session that was forgotten looks like a new request and
 * runs. A gateway that repeats says so, and it does not reuse the sequence of a session otherwise.
 *
 * <p>Pure: time is an argument. Not thread-safe. Bounds: {@link ResultLimits}; runs are bounded by
 * who admits them, what waits for a run by {@link Running#WAITERS_MAX}.
 *
 * @param <W> who waits for an answer
 */
final class ResultWindow<W> {
  private final long incarnation;
  private final ResultLimits limits;
  private final long ageNanos;
  private final ForgottenFloors forgotten = new ForgottenFloors();

  /** The session that was used longest ago first. */
  private final LinkedHashMap<String, KeptSession<W>> sessions =
      new LinkedHashMap<>(16, .75f, true);

  private long bytes;

  /**
   * @param incarnation the number of this process, not 0
   */
  ResultWindow(long incarnation, ResultLimits limits) {
    if (incarnation == 0) {
      throw new IllegalArgumentException("incarnation: 0 (expected: not 0)");
    }
    this.incarnation = incarnation;
    this.limits = limits;
    this.ageNanos = limits.age().toNanos();
  }

  /**
   * A request arrived.
   *
   * @param waiter gets the answer, unless the decision is one
   */
  Decision<W> begin(Arrival arrival, W waiter, long nowNanos) {
    expire(nowNanos);
    if (!arrival.keyed()) {
      return new Run<>(new Running<>(null, arrival.seq(), waiter));
    }
    KeptSession<W> session = sessions.get(arrival.sessionId());
    if (session != null) {
      refresh(session, arrival, nowNanos);
      Slot<W> slot = session.at(arrival.seq());
      if (slot != null) {
        return switch (slot) {
          case Running<W> running -> new Joined<>(running.join(waiter));
          case Done<W> done -> new Kept<>(done.response());
        };
      }
    }
    String doubt = doubtAbout(arrival, session);
    if (doubt != null && !arrival.idempotent()) {
      return new Unknown<>(doubt);
    }
    KeptSession<W> owner = session == null ? remember(arrival, nowNanos) : session;
    Running<W> running = owner.run(arrival.seq(), waiter);
    makeRoom();
    return new Run<>(running);
  }

  /**
   * A run ended with an answer, which is kept.
   *
   * @return who waits for it
   */
  List<W> finish(Running<W> running, UpstreamResponse response, long nowNanos) {
    KeptSession<W> session = running.session();
    if (session != null) {
      touch(session, nowNanos);
      bytes -= session.bytes();
      session.keep(running, response, nowNanos);
      if (session.results() > limits.perSessionMax()) {
        session.dropLowest();
      }
      bytes += session.bytes();
      makeRoom();
    }
    return running.takeWaiters();
  }

  /**
   * A run was refused before it began; a repetition may run.
   *
   * @return who waited for it
   */
  List<W> abandon(Running<W> running) {
    KeptSession<W> session = running.session();
    if (session != null) {
      session.abandon(running);
    }
    return running.takeWaiters();
  }

  /**
   * Abandons a run that nobody waits for any more.
   *
   * @return who waited for it; empty when somebody still does and the run stands
   */
  List<W> abandonIfAll(Running<W> running, Predicate<W> gone) {
    return running.all(gone) ? abandon(running) : List.of();
  }

  /** What the sessions and their answers count, at most {@link ResultLimits#bytesMax}. */
  long bytes() {
    return bytes;
  }

  /** True while there is a record of the session. */
  boolean remembers(String sessionId) {
    return sessions.containsKey(sessionId);
  }

  /** Why a request that is nowhere here may have run; null when it certainly did not. */
  private @Nullable String doubtAbout(Arrival arrival, @Nullable KeptSession<W> session) {
    long floor = session == null ? 0 : session.floor();
    if (arrival.seq() <= floor) {
      return "it is settled, or its result is no longer kept";
    }
    if (!arrival.repeated()) {
      return null;
    }
    if (arrival.attemptedIncarnation() != incarnation) {
      return "it was sent to a process that is gone, or to another one";
    }
    long doubt = session == null ? forgotten.of(arrival.sessionId()) : session.doubt();
    return arrival.seq() <= doubt ? "the results of its session are no longer kept" : null;
  }

  private KeptSession<W> remember(Arrival arrival, long nowNanos) {
    String id = arrival.sessionId();
    KeptSession<W> session = new KeptSession<>(id, forgotten.of(id), nowNanos);
    session.settle(settledBelow(arrival));
    sessions.put(id, session);
    bytes += session.bytes();
    return session;
  }

  private void refresh(KeptSession<W> session, Arrival arrival, long nowNanos) {
    session.touch(nowNanos);
    bytes -= session.bytes();
    session.settle(settledBelow(arrival));
    session.expire(ageNanos, nowNanos);
    bytes += session.bytes();
  }

  /** A request that somebody waits for is not settled, whatever it says itself. */
  private static long settledBelow(Arrival arrival) {
    return Math.clamp(arrival.settledSeq(), 0, arrival.seq() - 1);
  }

  /** Forgets the sessions that were not used for long. */
  private void expire(long nowNanos) {
    KeptSession<W> eldest = eldest();
    while (eldest != null && nowNanos - eldest.touchedNanos() >= ageNanos) {
      if (eldest.idle()) {
        forget(eldest);
      } else {
        touch(eldest, nowNanos);
      }
      eldest = eldest();
    }
  }

  /** Drops answers, then whole sessions, of those used longest ago, until the bytes fit. */
  private void makeRoom() {
    int busy = 0;
    while (bytes > limits.bytesMax() && busy < sessions.size()) {
      KeptSession<W> eldest = eldest();
      if (eldest == null) {
        return;
      }
      bytes -= eldest.bytes();
      boolean dropped = eldest.dropLowest();
      bytes += eldest.bytes();
      if (!dropped && eldest.idle()) {
        forget(eldest);
      } else if (!dropped) {
        // Its run needs the record.
        touch(eldest, eldest.touchedNanos());
        busy++;
      }
    }
  }

  private void forget(KeptSession<W> session) {
    forgotten.raise(session.id(), session.highestSeq());
    sessions.remove(session.id());
    bytes -= session.bytes();
  }

  private @Nullable KeptSession<W> eldest() {
    return sessions.isEmpty() ? null : sessions.firstEntry().getValue();
  }

  /** Makes the session the youngest. */
  private void touch(KeptSession<W> session, long nowNanos) {
    session.touch(nowNanos);
    sessions.get(session.id());
  }
}
