package dev.gatesvr.backup.register;

import java.util.Optional;

/**
 * One attempt to change the register from one value to another. A value: each answer gives the
 * state after it. What it wants to be sent goes to every witness; a lost message may be repeated.
 *
 * <pre>
 *  PREPARING  → ACCEPTING   a majority promised; the newest value they have is compared
 *  PREPARING  → OVERTAKEN   a witness promised a later attempt
 *  ACCEPTING  → DONE        a majority accepted: changed, or the value as it was
 *  ACCEPTING  → OVERTAKEN   a witness promised a later attempt; what was accepted may still win
 * </pre>
 *
 * <p>Which value stands is known only when it was accepted by a majority, so a comparison that
 * fails writes the value as it was once more before it says so.
 *
 * @param witnesses how many there are in all
 * @param promised bit set of those that promised
 * @param accepted bit set of those that accepted
 * @param newestAt the latest attempt among the promises
 * @param newest its value; in ACCEPTING and DONE what is written
 * @param above the latest attempt heard of; the next one must be above it
 */
public record Round(
    Ballot ballot,
    Leadership expected,
    Leadership wanted,
    int witnesses,
    Phase phase,
    int promised,
    int accepted,
    Ballot newestAt,
    Leadership newest,
    Ballot above) {

  /** How far it is. */
  public enum Phase {
    /** Waits for promises. */
    PREPARING,
    /** Waits for acceptance. */
    ACCEPTING,
    /** The register's value is known. */
    DONE,
    /** Try again with a later ballot. */
    OVERTAKEN
  }

  /** Bits of an int. */
  static final int WITNESSES_MAX = 31;

  /** Begins to change {@code expected} to {@code wanted}. */
  public static Round change(Ballot ballot, Leadership expected, Leadership wanted, int witnesses) {
    if (witnesses < 1 || witnesses > WITNESSES_MAX) {
      throw new IllegalArgumentException(
          "witnesses: " + witnesses + " (expected: 1 to " + WITNESSES_MAX + ")");
    }
    return new Round(
        ballot,
        expected,
        wanted,
        witnesses,
        Phase.PREPARING,
        0,
        0,
        Ballot.NONE,
        Leadership.NONE,
        ballot);
  }

  /** What every witness should be sent now; empty when it is over. */
  public Optional<Message.Request> request() {
    return switch (phase) {
      case PREPARING -> Optional.of(new Message.Prepare(ballot));
      case ACCEPTING -> Optional.of(new Message.Accept(ballot, newest));
      case DONE, OVERTAKEN -> Optional.empty();
    };
  }

  /** Takes one witness's answer; late, repeated and foreign ones change nothing. */
  public Round on(int witness, Message.Answer answer) {
    if (!answer.ballot().equals(ballot)) {
      return this;
    }
    return switch (answer) {
      case Message.Promise promise when phase == Phase.PREPARING -> promised(witness, promise);
      case Message.Accepted taken when phase == Phase.ACCEPTING -> accepted(witness);
      case Message.Rejected rejected when phase == Phase.PREPARING || phase == Phase.ACCEPTING ->
          with(Phase.OVERTAKEN, promised, accepted, newestAt, newest, rejected.promised());
      default -> this;
    };
  }

  private Round promised(int witness, Message.Promise promise) {
    boolean newer = promise.acceptedAt().compareTo(newestAt) > 0;
    Ballot at = newer ? promise.acceptedAt() : newestAt;
    Leadership value = newer ? promise.value() : newest;
    int votes = promised | 1 << witness;
    if (!majority(votes)) {
      return with(phase, votes, accepted, at, value, above);
    }
    Leadership written = value.equals(expected) ? wanted : value;
    return with(Phase.ACCEPTING, votes, accepted, at, written, above);
  }

  private Round accepted(int witness) {
    int votes = accepted | 1 << witness;
    Phase next = majority(votes) ? Phase.DONE : phase;
    return with(next, promised, votes, newestAt, newest, above);
  }

  private boolean majority(int votes) {
    return Integer.bitCount(votes) > witnesses / 2;
  }

  private Round with(
      Phase newPhase, int promises, int acceptances, Ballot at, Leadership value, Ballot heard) {
    return new Round(
        ballot, expected, wanted, witnesses, newPhase, promises, acceptances, at, value, heard);
  }

  /**
   * True when the register holds what was wanted, by this attempt or an earlier one of the same.
   */
  public boolean changed() {
    return phase == Phase.DONE && newest.equals(wanted);
  }

  /**
   * The register's value.
   *
   * @throws IllegalStateException before it is known
   */
  public Leadership value() {
    if (phase != Phase.DONE) {
      throw new IllegalStateException("the value is not known while " + phase);
    }
    return newest;
  }
}
