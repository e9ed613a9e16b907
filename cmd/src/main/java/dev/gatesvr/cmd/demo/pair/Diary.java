package dev.gatesvr.cmd.demo.pair;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one player did and saw: the numbers asked, answered and pushed, and how long nothing came at
 * all. Thread-safe; time is an argument, on the clock of {@link System#nanoTime}.
 */
final class Diary {
  private final Chapters chapters;
  private final BitSet answered = new BitSet();
  private final BitSet received = new BitSet();
  private final Map<Chapter, Long> silences = new EnumMap<>(Chapter.class);
  private int asked;
  private int newest;
  private int duplicates;
  private int reordered;
  private int gaps;
  private int resyncs;
  private long lastNanos;
  private String firstComplaint = "";

  Diary(Chapters chapters, long nowNanos) {
    this.chapters = chapters;
    this.lastNanos = nowNanos;
  }

  /** The number of a new request. */
  synchronized int ask() {
    return ++asked;
  }

  synchronized void answered(int number, long nowNanos) {
    heard(nowNanos);
    answered.set(number);
  }

  synchronized void failed(int number, String why) {
    complain("request " + number + ": " + why);
  }

  synchronized void pushed(int number, long nowNanos) {
    heard(nowNanos);
    if (received.get(number)) {
      duplicates++;
      complain("push " + number + " came twice");
    } else if (number < newest) {
      reordered++;
      complain("push " + number + " came after " + newest);
    }
    received.set(number);
    newest = Math.max(newest, number);
  }

  synchronized void gap(String why) {
    gaps++;
    complain("gap: " + why);
  }

  synchronized void resync(String why) {
    resyncs++;
    complain("resync: " + why);
  }

  /** Ends the last silence. */
  synchronized void close(long nowNanos) {
    heard(nowNanos);
  }

  private void heard(long nowNanos) {
    if (chapters.begun()) {
      long silence = chapters.lengthNanos(lastNanos, nowNanos);
      silences.merge(chapters.mostOf(lastNanos, nowNanos), silence, Math::max);
    }
    lastNanos = nowNanos;
  }

  private void complain(String why) {
    if (firstComplaint.isEmpty()) {
      firstComplaint = why;
    }
  }

  /** The longest time without anything, in a chapter; 0 when there is none of it. */
  synchronized long silenceNanos(Chapter chapter) {
    return silences.getOrDefault(chapter, 0L);
  }

  /** The first thing that was not as it should be, empty when everything was. */
  synchronized String firstComplaint() {
    return firstComplaint;
  }

  /** True when everything that was acknowledged has come. */
  synchronized boolean complete(Ledger ledger) {
    return lost(ledger) == 0;
  }

  private int lost(Ledger ledger) {
    BitSet missing = (BitSet) ledger.acknowledged().clone();
    missing.andNot(received);
    return missing.cardinality();
  }

  /** Both sides, compared. */
  synchronized Tally compare(Ledger ledger) {
    BitSet answeredNotRun = (BitSet) answered.clone();
    answeredNotRun.andNot(ledger.ran());
    BitSet unknownButCame = (BitSet) ledger.unknown().clone();
    unknownButCame.and(received);
    return new Tally(
        new Tally.Requests(
            asked, answered.cardinality(), ledger.ranAgain(), answeredNotRun.cardinality()),
        new Tally.Pushes(
            ledger.pushed(),
            ledger.acknowledged().cardinality(),
            ledger.unknown().cardinality(),
            unknownButCame.cardinality(),
            lost(ledger),
            duplicates,
            reordered),
        gaps,
        resyncs);
  }
}
