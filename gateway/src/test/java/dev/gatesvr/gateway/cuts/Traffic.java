package dev.gatesvr.gateway.cuts;

import dev.gatesvr.upstream.service.BroadcastResult;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Messages both ways without end: each producer sends the next one a drawn pause after the last was
 * answered, so that a slow machine has less traffic and not a longer queue.
 */
final class Traffic implements AutoCloseable {
  private static final Duration PATIENT = Duration.ofMinutes(3);
  private static final Duration HASTY = Duration.ofMillis(60);

  /** No pause while a burst is to be sent. */
  private static final int HURRYING = 0;

  private static final int REQUEST_PAUSE_FACTOR = 1;
  private static final int SESSION_PAUSE_FACTOR = 2;
  private static final int BROADCAST_PAUSE_FACTOR = 3;

  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
  private final int pauseMillis;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong broadcastsTaken = new AtomicLong();
  private final AtomicInteger broadcasts = new AtomicInteger();
  private final AtomicReference<String> trouble = new AtomicReference<>("");
  private volatile boolean stopped;

  /** One producer: does its next thing, completes when it was answered. */
  private interface Step {
    CompletionStage<?> next();
  }

  Traffic(int pauseMillis) {
    this.pauseMillis = pauseMillis;
  }

  void start(Target target) {
    loop(target, HURRYING, () -> byOpenid(target));
    loop(target, SESSION_PAUSE_FACTOR, () -> bySession(target));
  }

  void start(Target target, Device device) {
    loop(target, REQUEST_PAUSE_FACTOR, () -> request(target, device));
  }

  /** Broadcasts of one zone, which go to everybody. */
  void startBroadcasts(Target paced, Zone zone, String stream) {
    loop(paced, BROADCAST_PAUSE_FACTOR, () -> broadcast(zone, stream));
  }

  private void loop(Target target, int factor, Step step) {
    running.incrementAndGet();
    later(target, factor, step);
  }

  private void later(Target target, int factor, Step step) {
    boolean hurries = factor == HURRYING && target.burst.get() > 0;
    long delay = hurries ? 0 : target.draw(pauseMillis * Math.max(1, factor));
    var unused = threads.schedule(() -> run(target, factor, step), delay, TimeUnit.MILLISECONDS);
  }

  private void run(Target target, int factor, Step step) {
    if (stopped) {
      running.decrementAndGet();
      return;
    }
    var unused =
        step.next()
            .whenComplete(
                (result, failure) -> {
                  if (failure != null) {
                    trouble.set(failure.toString());
                  }
                  later(target, factor, step);
                });
  }

  private CompletionStage<?> request(Target target, Device device) {
    if (device.closed().isDone()) {
      return CompletableFuture.completedFuture(device);
    }
    int drawn = target.draw(100);
    if (drawn < 3) {
      // May end before its answer: refused or outcome unknown.
      return device.request(Map.of("slow", ""), HASTY);
    }
    Map<String, String> params =
        drawn < 25 ? Map.of("bound", "") : drawn < 35 ? Map.of("slow", "") : Map.of();
    return device.request(params, PATIENT);
  }

  private CompletionStage<?> byOpenid(Target target) {
    int number = target.byOpenid.next();
    boolean burst = target.burst.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    Notice notice =
        burst
            ? target.burstNotice(Target.BY_OPENID, number)
            : target.notice(Target.BY_OPENID, number);
    return target
        .zone
        .service()
        .gateways()
        .pushToPlayer(target.openid, notice)
        .thenAccept(result -> target.byOpenid.told(number, notice.policy(), result));
  }

  private CompletionStage<?> bySession(Target target) {
    String session = target.zone.sessionOf(target.openid);
    int number = target.bySession.next();
    Notice notice = target.notice(Target.BY_SESSION, number);
    CompletionStage<PushResult> sent =
        target
            .zone
            .service()
            .gateways()
            .pushToSession(session == null ? "not known yet" : session, notice);
    return sent.thenAccept(result -> target.bySession.told(number, notice.policy(), result));
  }

  private CompletionStage<?> broadcast(Zone zone, String stream) {
    Notice notice = Notice.of("all", "", stream + "|" + broadcasts.getAndIncrement());
    return zone.service().gateways().broadcast(notice).thenAccept(this::taken);
  }

  private void taken(BroadcastResult result) {
    broadcastsTaken.addAndGet(result.sentCount());
    if (!result.message().isEmpty()) {
      trouble.set(result.message());
    }
  }

  /** How many players took a broadcast, summed over all broadcasts. */
  long broadcastsTaken() {
    return broadcastsTaken.get();
  }

  int broadcasts() {
    return broadcasts.get();
  }

  /** What failed last, empty when nothing did. */
  String trouble() {
    return String.valueOf(trouble.get());
  }

  /** Starts nothing more and waits for what is under way. */
  void stop(Duration patience) {
    stopped = true;
    Patience.until(patience, () -> running.get() == 0, () -> running.get() + " producers run");
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
