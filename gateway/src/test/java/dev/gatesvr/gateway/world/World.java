package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.session.SessionLimits;
import dev.gatesvr.session.StartDecision;
import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A gateway, its zone, players with several devices each, and everything that goes wrong. */
final class World {
  static final int ANSWER_BYTES_MAX = 1_000;
  private static final long MILLI = 1_000_000;
  private static final long CHAOS_NANOS = 6_000 * MILLI;
  private static final int PLAYERS = 3;

  private static final SessionLimits LIMITS =
      new SessionLimits(
          20,
          5_000,
          4_000 * MILLI,
          10,
          3_000,
          3,
          Long.MAX_VALUE / 4,
          new SessionLimits.Times(2_500 * MILLI, 700 * MILLI, 2, 3_400 * MILLI, 600 * MILLI));

  /** The bounds that the session's checks compare with. */
  record Bounds(int messagesMax, long bytesMax, int outstandingMax, long totalBytesMax) {}

  private final VirtualTime time;
  private final SimGateway gateway;
  private final List<SimDevice> devices = new ArrayList<>();
  private final Map<String, Long> tally = new TreeMap<>();
  private boolean chaos = true;

  World(long seed) {
    time = new VirtualTime(seed);
    gateway = new SimGateway(this);
  }

  /** Throws when the condition does not hold; cheap enough for every event. */
  static void must(boolean holds, String what, Object about) {
    if (!holds) {
      throw new AssertionError(what + ": " + about);
    }
  }

  VirtualTime time() {
    return time;
  }

  SimGateway gateway() {
    return gateway;
  }

  boolean chaos() {
    return chaos;
  }

  SessionLimits limits() {
    return LIMITS;
  }

  Bounds bounds() {
    return new Bounds(
        LIMITS.replayMessagesMax(),
        LIMITS.replayBytesMax(),
        LIMITS.outstandingRequestsMax(),
        9_000);
  }

  /** Up to so many milliseconds; now and then ten times as long. */
  long delay(int millisMax) {
    long nanos = time.random().nextLong(millisMax * MILLI) + 1;
    return chaos && time.oneIn(40) ? nanos * 10 : nanos;
  }

  SimSession sessionOfEpoch(long epoch) {
    return gateway.all().get((int) (epoch / 1_000) - 1);
  }

  /** Something happened that a run is for. */
  void count(String what) {
    tally.merge(what, 1L, Long::sum);
  }

  /**
   * Runs everything, with the invariants checked on the way.
   *
   * @return how often what happened
   */
  Map<String, Long> run() {
    for (int player = 0; player < PLAYERS; player++) {
      login("p" + player);
    }
    always(25, this::request);
    always(5 + time.random().nextInt(15), this::push);
    // Some worlds are so calm that a slow player stays connected for long.
    always(30 + time.random().nextInt(6) * 300, this::cut);
    always(500, this::loginAgain);
    always(150, this::steal);
    always(1_500, gateway::sendEverybodyAway);
    always(700, () -> anyDevice().nap());
    always(2_500, () -> time.jump(time.random().nextLong(3_600_000 * MILLI)));
    long end = time.nowNanos() + CHAOS_NANOS;
    long ends = time.ran() + 60_000;
    while (time.nowNanos() < end && time.ran() < ends) {
      time.step();
    }
    settle();
    tally.put("events", time.ran());
    return tally;
  }

  private void settle() {
    chaos = false;
    long patience = time.ran() + 100_000;
    long restingSince = time.nowNanos();
    // What is still on its way arrives within this.
    while (time.nowNanos() - restingSince < 500 * MILLI) {
      assertThat(time.ran()).as("comes to rest").isLessThan(patience);
      assertThat(time.step()).as("comes to rest, but nothing is left to happen").isTrue();
      if (!atRest()) {
        restingSince = time.nowNanos();
      }
    }
    for (SimDevice device : devices) {
      device.application().checkAtRest(!device.closed());
    }
  }

  private boolean atRest() {
    for (SimDevice device : devices) {
      if (!device.atRest() || !device.application().atRest()) {
        return false;
      }
    }
    for (SimSession session : gateway.all()) {
      boolean busy =
          session.core.outstandingRequests() > 0
              || (session.link != null && session.core.queuedMessages() > 0);
      if (busy) {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- what happens

  /** About every so many milliseconds, while there is chaos. */
  private void always(int everyMillis, Runnable action) {
    time.after(
        time.random().nextLong(2L * everyMillis * MILLI) + 1,
        () -> {
          if (chaos) {
            action.run();
            always(everyMillis, action);
          }
        });
  }

  private void login(String openid) {
    SimDevice device = new SimDevice(this, openid, devices.size());
    devices.add(device);
    device.connect();
  }

  private SimDevice anyDevice() {
    Random random = time.random();
    SimDevice device = devices.get(random.nextInt(devices.size()));
    for (int i = 0; i < 4 && device.closed(); i++) {
      device = devices.get(random.nextInt(devices.size()));
    }
    return device;
  }

  private void request() {
    SimDevice device = anyDevice();
    if (!device.closed()) {
      device.request();
    }
  }

  private void push() {
    gateway.zone().pushTo("p" + time.random().nextInt(PLAYERS));
  }

  private void cut() {
    count("cut");
    anyDevice().cut();
  }

  /** The same player on another device, or again after a kick. */
  private void loginAgain() {
    login("p" + time.random().nextInt(PLAYERS));
  }

  /** Somebody tries a token that was used, and a good one under another name. */
  private void steal() {
    SimDevice victim = anyDevice();
    SimSession session = gateway.sessionOf(victim.openid);
    if (victim.tokens().isEmpty() || session == null || session.owner != victim) {
      return;
    }
    count("stolen token");
    StartRequest.Builder theft =
        StartRequest.newBuilder()
            .setProtocolLevel(1)
            .setEpoch(session.core.epoch())
            .setLastAckedSeqId(session.core.ackedSeq());
    ByteString newest = victim.tokens().getLast();
    assertThat(gateway.decide(session, theft.setOpenid("thief").setResumeToken(newest).build()))
        .as("a foreign token")
        .isInstanceOf(StartDecision.Refuse.class);
    theft.setOpenid(victim.openid);
    for (long number = 1; number < session.confirmedToken; number++) {
      ByteString used =
          ByteString.copyFromUtf8(victim.openid + "/" + session.number + "/" + number);
      assertThat(gateway.decide(session, theft.setResumeToken(used).build()))
          .as("token %s of %s", number, session)
          .isInstanceOf(StartDecision.Refuse.class);
    }
  }
}
