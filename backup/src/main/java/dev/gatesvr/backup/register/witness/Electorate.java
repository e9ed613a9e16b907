package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Ballot;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The witnesses as voters: which of them are who, and the ballots so far. Confined to a loop. */
final class Electorate {
  private static final Logger log = LoggerFactory.getLogger(Electorate.class);

  private final List<WitnessLine> lines;
  private final String me;
  private final EventLoop loop;
  private final Map<Integer, Long> ids = new TreeMap<>();
  private final Set<Integer> twice = new TreeSet<>();
  private Ballot highest = Ballot.NONE;

  Electorate(List<WitnessLine> lines, String me, EventLoop loop) {
    this.lines = lines;
    this.me = me;
    this.loop = loop;
  }

  int size() {
    return lines.size();
  }

  WitnessLine line(int witness) {
    return lines.get(witness);
  }

  EventLoop loop() {
    return loop;
  }

  /** A ballot above all that were seen, never drawn before. */
  Ballot nextBallot() {
    highest = highest.next(me);
    return highest;
  }

  void saw(Ballot ballot) {
    if (ballot.compareTo(highest) > 0) {
      highest = ballot;
    }
  }

  /**
   * Notes which memory answers at an address.
   *
   * @return false when the same one answers at another address: it must not vote twice
   */
  boolean recognise(int witness, long id) {
    for (Map.Entry<Integer, Long> other : ids.entrySet()) {
      if (other.getKey() != witness && other.getValue() == id) {
        if (twice.add(witness)) {
          log.error(
              "witnesses {} and {} are one and the same: the latter does not count",
              line(other.getKey()).address(),
              line(witness).address());
        }
        return false;
      }
    }
    Long before = ids.put(witness, id);
    if (before != null && before != id) {
      log.warn(
          "witness {} has another memory than before ({}, was {}): see docs/ha-arbiters.md",
          line(witness).address(),
          Long.toHexString(id),
          Long.toHexString(before));
    }
    return true;
  }
}
