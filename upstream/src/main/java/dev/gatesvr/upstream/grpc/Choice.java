package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import org.jspecify.annotations.Nullable;

/** Where a request will go, before it goes. For one {@link UpstreamCaller#send} of its caller. */
public final class Choice {
  private final ZoneId zone;
  private final @Nullable UpstreamInstance instance;
  private final long incarnation;

  private Choice(ZoneId zone, @Nullable UpstreamInstance instance, long incarnation) {
    this.zone = zone;
    this.instance = instance;
    this.incarnation = incarnation;
  }

  static Choice of(UpstreamInstance instance) {
    return new Choice(instance.zone(), instance, instance.incarnation());
  }

  /** Of a request that was sent before: it looks for the process that got it. */
  static Choice again(ZoneId zone, long incarnation) {
    return new Choice(zone, null, incarnation);
  }

  /** The process that gets the first copy; 0 when it is an instance of the old wire. */
  public long incarnation() {
    return incarnation;
  }

  ZoneId zone() {
    return zone;
  }

  /** Null for a request that was sent before. */
  @Nullable UpstreamInstance instance() {
    return instance;
  }
}
