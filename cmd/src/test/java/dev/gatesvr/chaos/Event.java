package dev.gatesvr.chaos;

/**
 * Something that a player saw.
 *
 * @param nanos when
 * @param text of a push its stream, of an answer the request's name, else what was said
 * @param number of a push within its stream
 * @param seq position in the session; of a gap the first that is missing
 * @param lastSeq of a gap the last that is missing, else {@code seq}
 */
record Event(long nanos, Kind kind, String text, int number, long seq, long lastSeq) {
  /** What it was. */
  enum Kind {
    PUSH,
    ANSWER,
    GAP,
    RESYNC,
    RESUMED,
    FAILOVER,
    READY,
    AWAY,
    KICKED,
    CLOSED
  }

  static Event push(String stream, int number, long seq) {
    return new Event(System.nanoTime(), Kind.PUSH, stream, number, seq, seq);
  }

  static Event answer(String request, long seq) {
    return new Event(System.nanoTime(), Kind.ANSWER, request, 0, seq, seq);
  }

  static Event gap(long first, long last) {
    return new Event(System.nanoTime(), Kind.GAP, "", 0, first, last);
  }

  static Event of(Kind kind, String text) {
    return new Event(System.nanoTime(), kind, text, 0, 0, 0);
  }

  /** True for what comes at a position. */
  boolean placed() {
    return seq > 0;
  }

  /** True for what a person would see as life. */
  boolean heard() {
    return kind == Kind.PUSH || kind == Kind.ANSWER;
  }
}
