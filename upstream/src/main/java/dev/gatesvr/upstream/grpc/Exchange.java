package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.RequestFacts;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** One request through all its attempts. Confined to its caller's loop. */
final class Exchange {
  final ZoneId zone;
  final UpstreamRequest request;
  final long deadlineNanos;
  final ReplyObserver observer;
  int attempts;

  private List<InstanceAddress> tried = List.of();
  private UpstreamFailure failure = UpstreamFailure.NO_UPSTREAM;
  private String detail;

  Exchange(ZoneId zone, UpstreamRequest request, long deadlineNanos, ReplyObserver observer) {
    this.zone = zone;
    this.request = request;
    this.deadlineNanos = deadlineNanos;
    this.observer = observer;
    this.detail = "no upstream is registered for zone " + zone;
  }

  RequestFacts facts() {
    return new RequestFacts(zone, request.getOpenid(), request.getSessionId());
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
    return attempts < UpstreamCaller.ATTEMPTS_MAX && deadlineNanos - nowNanos > 0;
  }

  /** Tells the observer how the last attempt failed, or that there was none. */
  void giveUp() {
    observer.onFailure(failure, detail);
  }
}
