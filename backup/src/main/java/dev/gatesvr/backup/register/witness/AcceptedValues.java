package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import java.util.Arrays;

/** What each witness said that it accepted last. Not thread-safe. */
final class AcceptedValues {
  private final Ballot[] ballots;
  private final Leadership[] values;

  AcceptedValues(int witnesses) {
    ballots = new Ballot[witnesses];
    values = new Leadership[witnesses];
    Arrays.fill(ballots, Ballot.NONE);
    Arrays.fill(values, Leadership.NONE);
  }

  /** Notes it; true when a majority said so of the same attempt: then the value stands. */
  boolean isNowOfAMajority(int witness, Ballot ballot, Leadership value) {
    ballots[witness] = ballot;
    values[witness] = value;
    long same = Arrays.stream(ballots).filter(ballot::equals).count();
    return ballot.round() > 0 && same > ballots.length / 2;
  }

  long version(int witness) {
    return values[witness].version();
  }
}
