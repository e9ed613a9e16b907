package dev.gatesvr.cmd.demo.pair;

import java.util.List;
import java.util.stream.Stream;

/** When each chapter began. Thread-safe; one thread opens them, in the order of time. */
final class Chapters {
  private record Opened(Chapter chapter, long startNanos) {}

  private volatile List<Opened> opened = List.of();

  void open(Chapter chapter, long nowNanos) {
    opened = Stream.concat(opened.stream(), Stream.of(new Opened(chapter, nowNanos))).toList();
  }

  /** True once the first one was opened. */
  boolean begun() {
    return !opened.isEmpty();
  }

  /** What is left of a stretch of time without what was before the first one. */
  long lengthNanos(long fromNanos, long toNanos) {
    return toNanos - Math.max(fromNanos, opened.getFirst().startNanos());
  }

  /** The chapter in which most of a stretch of time lies. */
  Chapter mostOf(long fromNanos, long toNanos) {
    List<Opened> all = opened;
    Chapter best = Chapter.ORDINARY;
    long bestNanos = -1;
    for (int i = 0; i < all.size(); i++) {
      long begin = i == 0 ? fromNanos : all.get(i).startNanos();
      long end = i + 1 < all.size() ? all.get(i + 1).startNanos() : toNanos;
      long within = Math.min(end, toNanos) - Math.max(begin, fromNanos);
      if (within > bestNanos) {
        best = all.get(i).chapter();
        bestNanos = within;
      }
    }
    return best;
  }
}
