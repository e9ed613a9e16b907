package dev.gatesvr.gateway.cuts;

import dev.gatesvr.upstream.service.Notice;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** One OpenID: its devices, its zone, and what was sent to it. */
final class Target {
  /** Numbers of pushes by OpenID. */
  static final String BY_OPENID = "o";

  /** Numbers of pushes by session. */
  static final String BY_SESSION = "s";

  final String openid;
  final Zone zone;
  final Sent byOpenid = new Sent();
  final Sent bySession = new Sent();
  final List<Device> devices = new CopyOnWriteArrayList<>();

  /** Pushes to send without a pause. */
  final AtomicInteger burst = new AtomicInteger();

  private final Random random;

  Target(String openid, Zone zone, long seed) {
    this.openid = openid;
    this.zone = zone;
    this.random = new Random(seed);
  }

  synchronized int draw(int bound) {
    return random.nextInt(bound);
  }

  /** A notice of a stream with a policy that is drawn. */
  Notice notice(String stream, int number) {
    Notice reliable = Notice.of("note", "", stream + "|" + number);
    int drawn = draw(10);
    if (drawn < 5) {
      return reliable;
    }
    return drawn < 8 ? reliable.droppable() : reliable.latest("state-" + stream);
  }

  /** Most of a burst gives way. */
  Notice burstNotice(String stream, int number) {
    Notice reliable = Notice.of("note", "", stream + "|" + number);
    int drawn = draw(10);
    if (drawn < 1) {
      return reliable;
    }
    return drawn < 7 ? reliable.droppable() : reliable.latest("state-" + stream);
  }
}
