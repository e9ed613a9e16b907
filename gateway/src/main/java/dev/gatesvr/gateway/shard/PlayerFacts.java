package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.attributes.AttributeVerdict;
import dev.gatesvr.gateway.attributes.SessionAttributes;
import dev.gatesvr.gateway.lifecycle.AttributeWriter;
import dev.gatesvr.gateway.lifecycle.EndReason;
import dev.gatesvr.gateway.lifecycle.SessionFacts;
import dev.gatesvr.gateway.lifecycle.SessionObservers;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.session.Recorder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a session besides its history: its attributes, its round trip, and what
 * observers are told of its life. Confined to its shard's loop, except the writing of attributes.
 */
final class PlayerFacts implements AttributeWriter {
  /** An upstream that sets more in one answer sets some of them for nothing. */
  private static final int CHANGES_MAX = 2 * SessionAttributes.ENTRIES_MAX;

  /** No session lives that long; above it the arithmetic could overflow. */
  private static final long TTL_DAYS_MAX = 3_650;

  private final PlayerSession player;
  private final SessionAttributes attributes = new SessionAttributes();
  private @Nullable PlayerLink attachedLink;
  private int rttMicros;

  PlayerFacts(PlayerSession player) {
    this.player = player;
  }

  // ---------------------------------------------------------------- attributes

  /** Those that hold now. */
  Map<String, String> attributes() {
    return attributes.live(System.nanoTime());
  }

  /** Tells an upstream what it and others kept here. */
  void describe(UpstreamRequest.Builder request) {
    Map<String, String> live = attributes();
    if (!live.isEmpty()) {
      request.putAllAttributes(live);
    }
  }

  /** Does what an upstream's answer asks: first what to remove, then what to set. */
  void change(UpstreamResponse response) {
    int removed = Math.min(response.getRemoveAttributesCount(), CHANGES_MAX);
    for (int i = 0; i < removed; i++) {
      removeNow(response.getRemoveAttributes(i));
    }
    int asked = response.getSetAttributesCount();
    for (int i = 0; i < asked; i++) {
      if (i < CHANGES_MAX) {
        SessionAttribute attribute = response.getSetAttributes(i);
        setNow(attribute.getName(), attribute.getValue(), nanos(attribute.getTtlMs()));
      } else {
        count(AttributeVerdict.FULL);
      }
    }
  }

  @Override
  public void set(String name, String value, Duration ttl) {
    boolean forever = ttl.compareTo(Duration.ofDays(TTL_DAYS_MAX)) > 0 || ttl.isNegative();
    long ttlNanos = forever ? 0 : ttl.toNanos();
    player
        .shard()
        .execute(
            () -> {
              setNow(name, value, ttlNanos);
              player.settled();
            });
  }

  @Override
  public void remove(String name) {
    player
        .shard()
        .execute(
            () -> {
              removeNow(name);
              player.settled();
            });
  }

  private void setNow(String name, String value, long ttlNanos) {
    AttributeVerdict verdict = attributes.set(name, value, ttlNanos, System.nanoTime());
    count(verdict);
    if (verdict == AttributeVerdict.SET) {
      recorder()
          .attributeSet(
              SessionAttribute.newBuilder()
                  .setName(name)
                  .setValue(value)
                  .setTtlMs(TimeUnit.NANOSECONDS.toMillis(ttlNanos))
                  .build());
    }
  }

  private void removeNow(String name) {
    if (attributes.remove(name)) {
      recorder().attributeRemoved(name);
    }
  }

  private Recorder recorder() {
    return player.shard().replica().recorder();
  }

  /** Those that hold now, with what is left of their time. */
  List<SessionAttribute> capture(long nowNanos) {
    return attributes.capture(nowNanos);
  }

  /** Takes over what another gateway kept. */
  void restore(Iterable<SessionAttribute> kept) {
    for (SessionAttribute attribute : kept) {
      count(
          attributes.set(
              attribute.getName(),
              attribute.getValue(),
              nanos(attribute.getTtlMs()),
              System.nanoTime()));
    }
  }

  private void count(AttributeVerdict verdict) {
    if (verdict != AttributeVerdict.SET) {
      player.shard().metrics().attributeRefused(verdict.label());
    }
  }

  /** 0 for as long as the session; an unsigned number of milliseconds may look negative. */
  private static long nanos(long ttlMillis) {
    return ttlMillis < 0 || ttlMillis > TimeUnit.DAYS.toMillis(TTL_DAYS_MAX)
        ? 0
        : TimeUnit.MILLISECONDS.toNanos(ttlMillis);
  }

  // ---------------------------------------------------------------- round trip

  /** Smoothed, in microseconds; 0 while none was measured. */
  int rttMicros() {
    return rttMicros;
  }

  void onHeartbeat(HeartbeatRequest heartbeat, long receivedMicros) {
    long sample =
        RoundTrip.sampleMicros(
            receivedMicros, heartbeat.getEchoServerMicros(), heartbeat.getHeldMicros());
    if (sample > 0) {
      player.shard().timings().recordRtt(TimeUnit.MICROSECONDS.toNanos(sample));
      rttMicros = RoundTrip.smoothed(rttMicros, sample);
    }
  }

  // ---------------------------------------------------------------- what observers are told

  void created() {
    observers().created(() -> facts(null));
  }

  void attached(PlayerLink link, boolean resumed) {
    attachedLink = link;
    observers().attached(() -> facts(link));
    if (resumed) {
      observers().resumed(() -> facts(link));
    }
  }

  /** The connection of the last {@link #attached} is gone; the second time nothing happens. */
  void detached() {
    PlayerLink link = attachedLink;
    if (link != null) {
      attachedLink = null;
      observers().detached(() -> facts(link));
    }
  }

  void takenOver() {
    observers().takenOver(() -> facts(attachedLink));
  }

  /** The session has left every index. */
  void ended(EndReason reason) {
    detached();
    if (reason == EndReason.EXPIRED) {
      observers().expired(() -> facts(null));
    }
    observers().ended(() -> facts(null), reason);
  }

  private SessionObservers observers() {
    return player.shard().observers();
  }

  private SessionFacts facts(@Nullable PlayerLink link) {
    return new SessionFacts(
        player.sessionId(),
        player.openid(),
        player.zone().toString(),
        link == null ? "" : Addresses.text(link.remoteAddress()),
        link == null ? "" : link.transport(),
        attributes(),
        this);
  }
}
