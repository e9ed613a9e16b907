package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.RequestFacts;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request through all its attempts. Confined to its caller's loop.
 *
 * <p>It begins <i>fresh</i>: no instance has seen it. Once it may have arrived at an instance that
 * keeps results it is <i>repeating</i> for good, and every further copy says so.
 */
final class Exchange {
  final ZoneId zone;
  final long deadlineNanos;
  final ReplyObserver observer;

  /** Null when its owner need not know where it goes. */
  final @Nullable Dispatch dispatch;

  private final UpstreamRequest request;
  private int attempts;
  private int moves;
  private long announced;
  private List<InstanceAddress> tried = List.of();
  private UpstreamFailure failure = UpstreamFailure.NO_UPSTREAM;
  private String detail;

  private UpstreamRequest copy;
  private @Nullable InstanceAddress arrivedAt;
  private int repeats;
  private long patienceEndNanos;
  private long lookDelayNanos = Repeater.LOOK_FIRST_NANOS;

  Exchange(
      ZoneId zone,
      UpstreamRequest request,
      long nowNanos,
      long timeoutNanos,
      ReplyObserver observer,
      @Nullable Dispatch dispatch) {
    this.zone = zone;
    this.request = request;
    this.copy = request;
    this.deadlineNanos = nowNanos + timeoutNanos;
    this.observer = observer;
    this.dispatch = dispatch;
    this.detail = "no upstream is registered for zone " + zone;
    if (repeating()) {
      repeatFrom(nowNanos);
    }
  }

  RequestFacts facts() {
    return new RequestFacts(zone, request.getOpenid(), request.getSessionId());
  }

  /** What is sent next. */
  UpstreamRequest message() {
    return copy;
  }

  /** The pair that the request was sent for. */
  String pair() {
    return request.getGatewayPair();
  }

  /** Its owner knows that it may go to this process. */
  void announced(long incarnation) {
    announced = incarnation;
    moves++;
  }

  boolean isAnnounced(long incarnation) {
    return moves > 0 && announced == incarnation;
  }

  /** Each move costs its owner a round trip. */
  boolean mayMove() {
    return moves <= UpstreamCaller.ATTEMPTS_MAX;
  }

  /** Where an attempt failed. */
  List<InstanceAddress> tried() {
    return tried;
  }

  boolean tried(UpstreamInstance instance) {
    return tried.contains(instance.address());
  }

  /** Remembers how the last attempt failed. */
  void failed(UpstreamInstance instance, UpstreamFailure failure, String detail) {
    if (attempts == 0) {
      tried = new ArrayList<>(UpstreamCaller.ATTEMPTS_MAX);
    }
    attempts++;
    tried.add(instance.address());
    this.failure = failure;
    this.detail = detail;
  }

  boolean mayTryAnother(long nowNanos) {
    return attempts < UpstreamCaller.ATTEMPTS_MAX && !expired(nowNanos);
  }

  boolean expired(long nowNanos) {
    return deadlineNanos - nowNanos <= 0;
  }

  UpstreamFailure failure() {
    return failure;
  }

  /** One line on how the last attempt failed. */
  String detail() {
    return detail;
  }

  /** True when upstreams can know a copy of it by its key. */
  boolean repeatable() {
    return !request.getSessionId().isEmpty() && request.getClientSeqId() > 0;
  }

  /** True once a copy may have arrived at an instance that keeps results. */
  boolean repeating() {
    return copy.getAttemptedIncarnation() != 0;
  }

  /** The connection broke under a copy that this instance may have. */
  void mayHaveArrived(UpstreamInstance instance, long nowNanos) {
    repeats++;
    if (!repeating()) {
      arrivedAt = instance.address();
      copy = request.toBuilder().setAttemptedIncarnation(instance.incarnation()).build();
      repeatFrom(nowNanos);
    }
  }

  /** Half of what is left goes into waiting for the instance that knows. */
  private void repeatFrom(long nowNanos) {
    patienceEndNanos = nowNanos + (deadlineNanos - nowNanos) / 2;
  }

  boolean mayRepeat() {
    return repeats <= Repeater.REPEATS_MAX;
  }

  /** True for the instance that got the first copy, also when its process is another one now. */
  boolean prefers(UpstreamInstance instance) {
    return instance.incarnation() == copy.getAttemptedIncarnation()
        || instance.address().equals(arrivedAt);
  }

  /** True while only the instance that got the first copy will do. */
  boolean patient(long nowNanos) {
    return patienceEndNanos - nowNanos > 0;
  }

  /**
   * True when the first copy was sent by an earlier owner of the session: where its process listens
   * is only known from the registry.
   */
  boolean handedOver() {
    return arrivedAt == null;
  }

  /** How long to wait before the next look for an instance; grows. */
  long nextLookNanos(long nowNanos) {
    long delay = lookDelayNanos;
    lookDelayNanos = Math.min(2 * delay, Repeater.LOOK_MAX_NANOS);
    return Math.max(1, Math.min(delay, deadlineNanos - nowNanos));
  }
}
