package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.proto.WitnessSight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What each witness says of each process. Not thread-safe; time is an argument. */
final class Sightings {
  /** Processes that are remembered for each witness; a witness remembers as many. */
  private static final int INCARNATIONS_MAX = 16;

  /** What one witness said on its present stream. */
  private static final class Said {
    private boolean open;
    private long openedNanos;
    private long heardNanos;
    private final LinkedHashMap<String, WitnessSight> sights = new LinkedHashMap<>();
  }

  private final String me;
  private final long silenceNanos;
  private final List<Said> witnesses = new ArrayList<>();
  private final Map<String, Evidence> told = new HashMap<>();
  private Set<String> named = Set.of();

  Sightings(int witnesses, String me, long silenceNanos) {
    this.me = me;
    this.silenceNanos = silenceNanos;
    for (int at = 0; at < witnesses; at++) {
      this.witnesses.add(new Said());
    }
  }

  /** These processes are of interest even if no witness ever saw them. */
  void name(Set<String> incarnations) {
    named = incarnations;
  }

  /** A stream began; what was said on an older one is void. */
  void opened(int witness, long nowNanos) {
    Said said = witnesses.get(witness);
    said.open = true;
    said.openedNanos = nowNanos;
    said.heardNanos = nowNanos;
    said.sights.clear();
  }

  void heard(int witness, long nowNanos) {
    witnesses.get(witness).heardNanos = nowNanos;
  }

  void closed(int witness) {
    witnesses.get(witness).open = false;
  }

  void sighted(int witness, String incarnation, WitnessSight sight) {
    Map<String, WitnessSight> sights = witnesses.get(witness).sights;
    sights.remove(incarnation);
    sights.put(incarnation, sight);
    if (sights.size() > INCARNATIONS_MAX) {
      sights.remove(sights.keySet().iterator().next());
    }
  }

  /** True while the witness answers. */
  boolean connected(int witness, long nowNanos) {
    Said said = witnesses.get(witness);
    return said.open && nowNanos - said.heardNanos <= silenceNanos;
  }

  /** Somebody new listens, to be told everything. */
  void forgetTold() {
    told.clear();
  }

  /** The evidence that is another one than when this was last asked. */
  List<Evidence> changes(long nowNanos) {
    Set<String> incarnations = new TreeSet<>(named);
    witnesses.forEach(said -> incarnations.addAll(said.sights.keySet()));
    incarnations.remove(me);
    told.keySet().retainAll(incarnations);
    List<Evidence> changes = new ArrayList<>();
    for (String incarnation : incarnations) {
      Evidence evidence = evidence(incarnation, nowNanos);
      if (!evidence.equals(told.put(incarnation, evidence))) {
        changes.add(evidence);
      }
    }
    return changes;
  }

  private Evidence evidence(String incarnation, long nowNanos) {
    int connected = 0;
    int gone = 0;
    int silent = 0;
    for (int at = 0; at < witnesses.size(); at++) {
      if (!connected(at, nowNanos)) {
        continue;
      }
      connected++;
      switch (sight(witnesses.get(at), incarnation, nowNanos)) {
        case WITNESS_SIGHT_GONE -> gone++;
        case WITNESS_SIGHT_SILENT -> silent++;
        case WITNESS_SIGHT_PRESENT, WITNESS_SIGHT_UNKNOWN, UNRECOGNIZED -> {}
      }
    }
    return new Evidence(incarnation, witnesses.size(), connected, gone, silent);
  }

  private WitnessSight sight(Said said, String incarnation, long nowNanos) {
    WitnessSight sight = said.sights.get(incarnation);
    if (sight != null) {
      return sight;
    }
    return nowNanos - said.openedNanos > silenceNanos
        ? WitnessSight.WITNESS_SIGHT_SILENT
        : WitnessSight.WITNESS_SIGHT_UNKNOWN;
  }
}
