package dev.gatesvr.upstream.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.service.Decision.Joined;
import dev.gatesvr.upstream.service.Decision.Kept;
import dev.gatesvr.upstream.service.Decision.Run;
import dev.gatesvr.upstream.service.Decision.Unknown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gateways that lose, delay and repeat requests, before an upstream process that restarts, over
 * virtual time. After every step: no request that is not idempotent ran twice, in one process or
 * over all of them; who waits is answered once, with the answer of the run; and the bounds hold.
 */
final class WindowSimulation {
  private final Random random;
  private final boolean roomy;
  private final ResultLimits limits;
  private final List<Session> sessions = new ArrayList<>();
  private final List<Execution> admitted = new ArrayList<>();
  private final Map<Integer, Request> waiting = new HashMap<>();
  private final Set<String> forgotten = new HashSet<>();
  private long incarnation = 1;
  private ResultWindow<Integer> window;
  private long nowNanos;
  private int copies;

  WindowSimulation(long seed, boolean roomy) {
    this.random = new Random(seed);
    this.roomy = roomy;
    this.limits =
        roomy
            ? new ResultLimits(10_000, 1L << 40, Duration.ofDays(1))
            : new ResultLimits(
                1 + random.nextInt(8),
                random.nextBoolean() ? 1_000 + random.nextInt(6_000) : 1L << 40,
                Duration.ofNanos(50 + random.nextInt(2_000)));
    this.window = new ResultWindow<>(incarnation, limits);
    int count = 1 + random.nextInt(6);
    for (int n = 0; n < count; n++) {
      sessions.add(new Session("session-" + n));
    }
  }

  /** A player's requests as its gateway knows them. */
  private static final class Session {
    final String id;
    final List<Request> requests = new ArrayList<>();
    int settled;

    Session(String id) {
      this.id = id;
    }
  }

  /** One request through all processes. */
  private static final class Request {
    final Session session;
    final long seq;
    final boolean idempotent;
    final long sentTo;
    int runs;
    @Nullable Execution running;
    @Nullable UpstreamResponse answerHere;

    Request(Session session, long seq, boolean idempotent, long sentTo) {
      this.session = session;
      this.seq = seq;
      this.idempotent = idempotent;
      this.sentTo = sentTo;
    }
  }

  private static final class Execution {
    final Request request;
    final Running<Integer> running;
    boolean started;

    Execution(Request request, Running<Integer> running) {
      this.request = request;
      this.running = running;
    }
  }

  void step() {
    age();
    int dice = random.nextInt(100);
    Session session = sessions.get(random.nextInt(sessions.size()));
    if (dice < 25) {
      send(session);
    } else if (dice < 50) {
      repeat(session);
    } else if (dice < 57) {
      lateFirstCopy(session);
    } else if (dice < 67) {
      startOne();
    } else if (dice < 82) {
      finishOne();
    } else if (dice < 86) {
      abandonOne();
    } else if (dice < 91) {
      session.settled += random.nextInt(session.requests.size() - session.settled + 1);
    } else if (dice < 99 || roomy) {
      nowNanos += random.nextInt(200);
    } else {
      restart();
    }
    if (roomy && dice == 99 && random.nextInt(4) == 0) {
      restart();
    }
    checkBounds();
  }

  /** Ends everything and lets it age: nothing may be left. */
  void windDown() {
    while (!admitted.isEmpty()) {
      startOne();
      finishOne();
    }
    assertThat(waiting).isEmpty();
    nowNanos += limits.age().toNanos();
    age();
    assertThat(window.bytes()).isZero();
  }

  /** Lets what is old go now, so that no session is forgotten and known again in one step. */
  private void age() {
    window.begin(new Arrival("", 0, 0, 0, false), -1, nowNanos);
    noteForgotten();
  }

  private void send(Session session) {
    Request request =
        new Request(session, session.requests.size() + 1, random.nextInt(5) == 0, incarnation);
    session.requests.add(request);
    if (random.nextInt(3) != 0) {
      deliver(request, 0);
    }
  }

  private void repeat(Session session) {
    int open = session.requests.size() - session.settled;
    if (open > 0) {
      Request request = session.requests.get(session.settled + random.nextInt(open));
      deliver(request, request.sentTo);
    }
  }

  /**
   * A copy that a broken connection held back; of a forgotten session it would be a new request.
   */
  private void lateFirstCopy(Session session) {
    if (session.requests.isEmpty() || forgotten.contains(session.id)) {
      return;
    }
    Request request = session.requests.get(random.nextInt(session.requests.size()));
    if (request.sentTo == incarnation) {
      deliver(request, 0);
    }
  }

  private void deliver(Request request, long attempted) {
    Session session = request.session;
    int copy = copies++;
    Arrival arrival =
        new Arrival(session.id, request.seq, session.settled, attempted, request.idempotent);
    Decision<Integer> decision = window.begin(arrival, copy, nowNanos);
    switch (decision) {
      case Run<Integer> run -> admit(request, run.running(), copy, attempted);
      case Joined<Integer> joined -> {
        assertThat(request.running).as("joins what runs").isNotNull();
        waiting.put(copy, request);
        if (joined.displaced() != null) {
          assertThat(waiting.remove(joined.displaced())).isSameAs(request);
        }
      }
      case Kept<Integer> kept ->
          assertThat(kept.response()).as("the same answer").isSameAs(request.answerHere);
      case Unknown<Integer> unknown -> assertThat(request.idempotent).isFalse();
    }
    if (roomy) {
      checkExact(request, attempted, decision);
    }
  }

  private void admit(Request request, Running<Integer> running, int copy, long attempted) {
    assertThat(request.running).as("runs only once at a time").isNull();
    if (attempted != 0 && !request.idempotent) {
      assertThat(attempted).as("knows nothing of other processes").isEqualTo(incarnation);
      assertThat(request.runs).as("claims that it never ran").isZero();
    }
    Execution execution = new Execution(request, running);
    request.running = execution;
    admitted.add(execution);
    waiting.put(copy, request);
  }

  /** Settled requests aside, for their copies are ghosts. */
  private void checkExact(Request request, long attempted, Decision<Integer> decision) {
    if (request.seq <= request.session.settled) {
      return;
    }
    String expected;
    if (decision instanceof Joined) {
      expected = "Joined";
    } else if (request.answerHere != null) {
      expected = "Kept";
    } else if (attempted == 0 || attempted == incarnation || request.idempotent) {
      expected = "Run";
    } else {
      expected = "Unknown";
    }
    assertThat(decision.getClass().getSimpleName()).isEqualTo(expected);
  }

  private void startOne() {
    if (!admitted.isEmpty()) {
      Execution execution = admitted.get(random.nextInt(admitted.size()));
      if (!execution.started) {
        execution.started = true;
        execution.request.runs++;
        assertThat(execution.request.idempotent || execution.request.runs == 1)
            .as("ran once, over all processes")
            .isTrue();
      }
    }
  }

  private void finishOne() {
    Execution execution = takeAdmitted(true);
    if (execution == null) {
      return;
    }
    Request request = execution.request;
    UpstreamResponse response =
        UpstreamResponse.newBuilder()
            .setCode(200)
            .setMessage(incarnation + "/" + request.session.id + "/" + request.seq)
            .setData(com.google.protobuf.ByteString.copyFrom(new byte[random.nextInt(1_000)]))
            .build();
    request.answerHere = response;
    told(request, window.finish(execution.running, response, nowNanos));
  }

  private void abandonOne() {
    Execution execution = takeAdmitted(false);
    if (execution != null) {
      told(execution.request, window.abandon(execution.running));
    }
  }

  private @Nullable Execution takeAdmitted(boolean started) {
    List<Execution> fitting = admitted.stream().filter(e -> e.started == started).toList();
    if (fitting.isEmpty()) {
      return null;
    }
    Execution taken = fitting.get(random.nextInt(fitting.size()));
    admitted.remove(taken);
    taken.request.running = null;
    return taken;
  }

  private void told(Request request, List<Integer> told) {
    assertThat(told).isNotEmpty();
    for (int copy : told) {
      assertThat(waiting.remove(copy)).as("told once, of its own").isSameAs(request);
    }
    assertThat(waiting).doesNotContainValue(request);
  }

  private void restart() {
    incarnation++;
    window = new ResultWindow<>(incarnation, limits);
    admitted.clear();
    waiting.clear();
    forgotten.clear();
    for (Session session : sessions) {
      for (Request request : session.requests) {
        request.running = null;
        request.answerHere = null;
      }
    }
  }

  private void checkBounds() {
    long busy = admitted.stream().map(e -> e.request.session).distinct().count();
    assertThat(window.bytes()).isBetween(0L, limits.bytesMax() + busy * KeptSession.RECORD_BYTES);
    noteForgotten();
  }

  /**
   * A late first copy of a session that was forgotten, or never was there, is out of the bargain.
   */
  private void noteForgotten() {
    for (Session session : sessions) {
      if (!window.remembers(session.id) && !session.requests.isEmpty()) {
        forgotten.add(session.id);
      }
    }
  }
}
