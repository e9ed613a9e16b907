package dev.gatesvr.session;

import dev.gatesvr.proto.Resync;

/** What a START becomes. */
public sealed interface StartDecision {
  /** The client gets a session. */
  sealed interface Attach extends StartDecision {}

  /**
   * The session goes on; everything after the position follows.
   *
   * @param token the number of the resume token, 0 without one
   */
  record Resume(long lastAckedSeq, long token) implements Attach {}

  /**
   * A fresh session takes the place of any that the player had.
   *
   * @param lost why the history the client asked for is not continued; UNKNOWN when it asked for
   *     none
   */
  record Fresh(Resync.Reason lost) implements Attach {}

  /**
   * Nothing changes for anybody; the client may log in.
   *
   * @param why one line for the client, which does not help to guess a token
   */
  record Refuse(String why) implements StartDecision {}

  /**
   * Nothing changes; the client is told that a newer login took its session's place, so that two
   * devices of one player do not throw each other out for ever.
   */
  record Replaced() implements StartDecision {}
}
