package dev.gatesvr.client.core;

/**
 * What arrived and what was handled, by the server's seq_id: {@code acked ≤ handled ≤ received}. An
 * acknowledgement means that the application returned from everything up to it.
 */
final class InboundHistory {
  /** What to do with a message that has a position. */
  enum Verdict {
    /** The next one: hand it to the application. */
    NEXT,
    /** It was received before: drop it. */
    DUPLICATE,
    /** The first one of this connection does not continue what was received: history is lost. */
    NEW_HISTORY,
    /** Something is missing that was not declared missing, which the connection's order forbids. */
    HOLE
  }

  private final long ackDelayNanos;
  private final int ackEvery;
  private int generation = 1;
  private long received;
  private long handled;
  private long acked;

  /** What START told the gateway; nothing at or below it may follow. */
  private long startedAt;

  private boolean firstOfConnection;
  private boolean ackWanted;
  private long ackDueNanos = ClientCore.NEVER;

  InboundHistory(long ackDelayNanos, int ackEvery) {
    this.ackDelayNanos = ackDelayNanos;
    this.ackEvery = ackEvery;
  }

  /** Newest position that arrived or was declared missing. */
  long received() {
    return received;
  }

  /** Newest position that the application returned from. */
  long handled() {
    return handled;
  }

  /** Newest position acknowledged to the gateway. */
  long acked() {
    return acked;
  }

  Inbound.Position position(long seq) {
    return new Inbound.Position(generation, seq);
  }

  /** A connection continues this history; START told the gateway {@code position}. */
  void resumed(long position, long nowNanos) {
    firstOfConnection = true;
    acked = position;
    startedAt = position;
    ackWanted = false;
    ackDueNanos = handled > acked ? nowNanos + ackDelayNanos : ClientCore.NEVER;
  }

  /** Another history begins, at 1. What is still being handled of the old one no longer counts. */
  void restarted() {
    generation++;
    received = 0;
    handled = 0;
    acked = 0;
    startedAt = 0;
    firstOfConnection = true;
    ackWanted = false;
    ackDueNanos = ClientCore.NEVER;
  }

  /** A message with {@code seq > 0} arrived. */
  Verdict onSeq(long seq, long nowNanos) {
    boolean first = firstOfConnection;
    firstOfConnection = false;
    boolean beganAgain = first && seq == 1 && startedAt >= 1;
    if (seq == received + 1 && !beganAgain) {
      received = seq;
      return Verdict.NEXT;
    }
    if (seq <= received && !beganAgain) {
      return duplicate(seq, nowNanos);
    }
    if (!first) {
      return Verdict.HOLE;
    }
    restarted();
    firstOfConnection = false;
    received = seq;
    return Verdict.NEW_HISTORY;
  }

  /**
   * Positions {@code first} to {@code last} were declared missing. Some of them may have been
   * received before they were dropped; then only the rest is {@link Verdict#NEXT}.
   */
  Verdict onGap(long first, long last, long nowNanos) {
    if (first < 1 || first > last || first > received + 1) {
      return Verdict.HOLE;
    }
    firstOfConnection = false;
    if (last <= received) {
      return duplicate(last, nowNanos);
    }
    received = last;
    return Verdict.NEXT;
  }

  private Verdict duplicate(long seq, long nowNanos) {
    if (seq <= handled) {
      ackWanted = true;
      ackBy(nowNanos + ackDelayNanos);
    }
    return Verdict.DUPLICATE;
  }

  /** The application returned from everything up to {@code position}. */
  void onHandled(Inbound.Position position, long nowNanos) {
    if (position.generation() == generation && position.seq() > handled) {
      handled = position.seq();
      ackBy(handled - acked >= ackEvery ? nowNanos : nowNanos + ackDelayNanos);
    }
  }

  /** When an acknowledgement must leave, or {@link ClientCore#NEVER}. */
  long ackDueNanos() {
    return ackDueNanos;
  }

  /** True when there is something to acknowledge, due or not. */
  boolean ackPending() {
    return handled > acked || ackWanted;
  }

  /** {@code seq} was acknowledged. */
  void ackSent(long seq) {
    acked = seq;
    ackWanted = false;
    ackDueNanos = ClientCore.NEVER;
  }

  private void ackBy(long nanos) {
    ackDueNanos = Math.min(ackDueNanos, nanos);
  }
}
