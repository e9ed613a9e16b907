package dev.gatesvr.session;

/**
 * Which resume tokens of a session are good. Attachment {@code i} gives out token {@code i}; the
 * good ones are {@code oldestGood ≤ i ≤ issued}.
 *
 * <p>Attaching with token {@code i} proves that its owner has it, so older ones are of no use to
 * anybody honest and go bad at once. Token {@code i} itself goes bad when the client is heard on
 * the new attachment, which shows that the next token may have arrived; until then the START can be
 * repeated, because its answer can be lost. A token used twice after that is a stolen one.
 */
final class AttachNumbers {
  private long issued;
  private long oldestGood = 1;

  /** The newest token given out, 0 before the first. */
  long issued() {
    return issued;
  }

  /** The oldest one that still resumes. */
  long oldestGood() {
    return oldestGood;
  }

  boolean good(long token) {
    return token >= oldestGood && token <= issued;
  }

  /**
   * The session was attached; another token is given out.
   *
   * @param token what it was resumed with, 0 when it took none
   */
  void attached(long token) {
    if (token != 0 && !good(token)) {
      throw new IllegalArgumentException(
          "token: " + token + " (expected: " + oldestGood + " to " + issued + ")");
    }
    issued++;
    oldestGood = token == 0 ? issued : token;
  }

  /**
   * The client sent something after its START.
   *
   * @return true when a token went bad by it
   */
  boolean heard() {
    boolean confirmed = oldestGood != issued && issued != 0;
    oldestGood = Math.max(oldestGood, issued);
    return confirmed;
  }

  /** As a snapshot has it. */
  void restore(long newIssued, long newOldestGood) {
    if (newOldestGood < 1 || newIssued < newOldestGood - 1) {
      throw new IllegalArgumentException(
          "tokens: " + newOldestGood + " to " + newIssued + " (expected: a window)");
    }
    issued = newIssued;
    oldestGood = newOldestGood;
  }
}
