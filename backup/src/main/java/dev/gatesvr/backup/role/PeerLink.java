package dev.gatesvr.backup.role;

import dev.gatesvr.proto.PairRole;

/** One side of the link to the other gateway: what was heard, and how it ended. Not thread-safe. */
final class PeerLink {
  private boolean up;
  private boolean refused;
  private boolean ended;
  private String incarnation = "";
  private PairRole role = PairRole.PAIR_UNKNOWN;
  private long heardNanos;
  private long downSinceNanos;
  private long number;

  PeerLink(long nowNanos) {
    restart(nowNanos);
  }

  void up(String peer, PairRole peerRole, long nowNanos) {
    up = true;
    number++;
    ended = false;
    refused = false;
    incarnation = peer;
    heard(peerRole, nowNanos);
  }

  void heard(PairRole peerRole, long nowNanos) {
    role = peerRole;
    heardNanos = nowNanos;
  }

  void down(LinkEnd end, long nowNanos) {
    if (up) {
      downSinceNanos = nowNanos;
    }
    up = false;
    ended |= end != LinkEnd.OTHER;
    refused |= end == LinkEnd.REFUSED;
  }

  /** This process ended it, which says nothing about the other. */
  void cut(long nowNanos) {
    if (up) {
      downSinceNanos = nowNanos;
    }
    up = false;
    ended = false;
    refused = false;
  }

  /** Everything is waited for anew. */
  void restart(long nowNanos) {
    heardNanos = nowNanos;
    downSinceNanos = nowNanos;
  }

  boolean up() {
    return up;
  }

  /** Up, and to this process. */
  boolean upTo(String process) {
    return up && incarnation.equals(process);
  }

  /** The other process's end was told, not merely a timeout. */
  boolean ended() {
    return ended;
  }

  /** A dial was refused since it was last up. */
  boolean refused() {
    return refused;
  }

  /** The process at the other end, the last one when it is down; empty before the first. */
  String incarnation() {
    return incarnation;
  }

  PairRole role() {
    return role;
  }

  /** Counts the links. */
  long number() {
    return number;
  }

  long heardNanos() {
    return heardNanos;
  }

  long downSinceNanos() {
    return downSinceNanos;
  }
}
