package dev.gatesvr.backup.register;

/** What proposers and acceptors say to one another. */
public sealed interface Message {
  /** Whose attempt it belongs to. */
  Ballot ballot();

  /** To an acceptor. */
  sealed interface Request extends Message {}

  /** To the proposer. */
  sealed interface Answer extends Message {}

  /** Promise to take part in no earlier attempt, and say what you have. */
  record Prepare(Ballot ballot) implements Request {}

  /** Take this value. */
  record Accept(Ballot ballot, Leadership value) implements Request {}

  /**
   * Promised.
   *
   * @param acceptedAt the attempt in which the value was accepted
   */
  record Promise(Ballot ballot, Ballot acceptedAt, Leadership value) implements Answer {}

  /** The value was taken. */
  record Accepted(Ballot ballot) implements Answer {}

  /**
   * A later attempt was promised already.
   *
   * @param promised that attempt; the next one must be above it
   */
  record Rejected(Ballot ballot, Ballot promised) implements Answer {}
}
