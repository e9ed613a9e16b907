package dev.gatesvr.backup.register;

/**
 * The number of one attempt to change the register; ordered, and no two proposers share one.
 *
 * @param round counts up; 0 stands before every attempt
 * @param proposer whose attempt it is
 */
public record Ballot(long round, String proposer) implements Comparable<Ballot> {
  /** Before every attempt. */
  public static final Ballot NONE = new Ballot(0, "");

  /** The next one of a proposer that has seen this one. */
  public Ballot next(String me) {
    return new Ballot(round + 1, me);
  }

  @Override
  public int compareTo(Ballot other) {
    int byRound = Long.compare(round, other.round);
    return byRound != 0 ? byRound : proposer.compareTo(other.proposer);
  }
}
