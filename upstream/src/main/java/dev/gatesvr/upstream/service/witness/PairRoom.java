package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessSight;
import dev.gatesvr.proto.WitnessSighting;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gateways of one pair, as this witness sees them. Guarded by the lock of its {@link
 * WatchRoom}.
 */
final class PairRoom {
  /** One process: there with a stream, or gone without. */
  private static final class Presence {
    private @Nullable Watcher watcher;
    private long lastBeatNanos;
  }

  private final long witnessId;

  /** By incarnation; the one that came or went last stands last. */
  private final LinkedHashMap<String, Presence> presences = new LinkedHashMap<>();

  private Vote vote;

  PairRoom(long witnessId, Vote vote) {
    this.witnessId = witnessId;
    this.vote = vote;
  }

  /** A stream begins; an older one of the same process counts no more. */
  void arrive(Watcher watcher, long number, long nowNanos) {
    Presence presence = presences.remove(watcher.incarnation);
    if (presence == null) {
      makeRoom();
      presence = new Presence();
    }
    presence.watcher = watcher;
    presence.lastBeatNanos = nowNanos;
    presences.put(watcher.incarnation, presence);
    watcher.send(withNews(watcher, report(vote), nowNanos).setEcho(number).build());
    tell(nowNanos);
  }

  private void makeRoom() {
    Iterator<Map.Entry<String, Presence>> oldest = presences.entrySet().iterator();
    while (presences.size() >= WitnessLimits.INCARNATIONS_MAX && oldest.hasNext()) {
      Map.Entry<String, Presence> next = oldest.next();
      if (next.getValue().watcher == null) {
        oldest.remove();
        forget(next.getKey());
      }
    }
  }

  private void forget(String incarnation) {
    for (Presence presence : presences.values()) {
      if (presence.watcher != null) {
        presence.watcher.forget(incarnation);
      }
    }
  }

  /** A beat; one of a stream that was replaced says nothing. */
  void beat(Watcher watcher, long number, long nowNanos) {
    Presence presence = presences.get(watcher.incarnation);
    if (presence == null || presence.watcher != watcher) {
      return;
    }
    presence.lastBeatNanos = nowNanos;
    watcher.send(
        withNews(watcher, WatchReport.newBuilder().setWitnessId(witnessId), nowNanos)
            .setEcho(number)
            .build());
    tell(nowNanos);
  }

  /** A stream ended. */
  void leave(Watcher watcher, long nowNanos) {
    Presence presence = presences.get(watcher.incarnation);
    if (presence == null || presence.watcher != watcher) {
      return;
    }
    presence.watcher = null;
    presences.remove(watcher.incarnation);
    presences.put(watcher.incarnation, presence);
    tell(nowNanos);
  }

  /** Another value was accepted. */
  void accepted(Vote newer) {
    vote = newer;
    WatchReport report = report(newer).build();
    for (Presence presence : List.copyOf(presences.values())) {
      if (presence.watcher != null) {
        presence.watcher.send(report);
      }
    }
  }

  /** Looks who is silent by now. */
  void look(long nowNanos) {
    tell(nowNanos);
  }

  /** The witness itself was not running for this long; that was nobody's silence. */
  void forgive(long nanos) {
    presences.values().forEach(presence -> presence.lastBeatNanos += nanos);
  }

  private void tell(long nowNanos) {
    // A copy, because a stream that cannot be written to leaves.
    for (Presence presence : List.copyOf(presences.values())) {
      Watcher watcher = presence.watcher;
      if (watcher == null) {
        continue;
      }
      WatchReport.Builder news =
          withNews(watcher, WatchReport.newBuilder().setWitnessId(witnessId), nowNanos);
      if (news.getSightingsCount() > 0) {
        watcher.send(news.build());
      }
    }
  }

  private WatchReport.Builder withNews(Watcher watcher, WatchReport.Builder report, long nowNanos) {
    presences.forEach(
        (incarnation, presence) -> {
          if (incarnation.equals(watcher.incarnation)) {
            return;
          }
          WitnessSight sight = sight(presence, watcher.silenceNanos, nowNanos);
          if (watcher.news(incarnation, sight)) {
            report.addSightings(
                WitnessSighting.newBuilder().setIncarnation(incarnation).setSight(sight));
          }
        });
    return report;
  }

  private static WitnessSight sight(Presence presence, long silenceNanos, long nowNanos) {
    if (presence.watcher == null) {
      return WitnessSight.WITNESS_SIGHT_GONE;
    }
    return nowNanos - presence.lastBeatNanos > silenceNanos
        ? WitnessSight.WITNESS_SIGHT_SILENT
        : WitnessSight.WITNESS_SIGHT_PRESENT;
  }

  private WatchReport.Builder report(Vote held) {
    return WatchReport.newBuilder()
        .setWitnessId(witnessId)
        .setAcceptedAt(held.acceptedAt())
        .setValue(held.value());
  }
}
