package dev.gatesvr.cmd.demo.pair;

import java.util.concurrent.atomic.AtomicLongArray;

/** When each chapter began. Thread-safe; one thread opens them, in order. */
final class Chapters {
  private static final long NOT_YET = Long.MAX_VALUE;

  private final AtomicLongArray starts = new AtomicLongArray(Chapter.values().length);

  Chapters() {
    for (int i = 0; i < starts.length(); i++) {
      starts.set(i, NOT_YET);
    }
  }

  void open(Chapter chapter, long nowNanos) {
    starts.set(chapter.ordinal(), nowNanos);
  }

  /** True once the first one was opened. */
  boolean begun() {
    return starts.get(0) != NOT_YET;
  }

  /** The chapter in which most of a stretch of time lies; what was before the first is in it. */
  Chapter mostOf(long fromNanos, long toNanos) {
    Chapter best = Chapter.ORDINARY;
    long bestNanos = -1;
    for (Chapter chapter : Chapter.values()) {
      int next = chapter.ordinal() + 1;
      long begin = chapter == Chapter.ORDINARY ? fromNanos : starts.get(chapter.ordinal());
      long end = next < starts.length() ? Math.min(starts.get(next), toNanos) : toNanos;
      long within = begin == NOT_YET ? -1 : end - Math.max(begin, fromNanos);
      if (within > bestNanos) {
        best = chapter;
        bestNanos = within;
      }
    }
    return best;
  }
}
