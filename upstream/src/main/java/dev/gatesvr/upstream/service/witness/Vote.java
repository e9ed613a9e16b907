package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.LeadershipValue;
import dev.gatesvr.proto.WitnessBallot;
import java.util.Comparator;

/**
 * What a witness holds for one pair. A value; each request gives the vote after it, which is the
 * same one when the request comes too late.
 *
 * @param promised no attempt before this one is taken part in
 * @param acceptedAt the attempt in which {@code value} was accepted
 */
record Vote(WitnessBallot promised, WitnessBallot acceptedAt, LeadershipValue value) {
  static final Vote EMPTY =
      new Vote(
          WitnessBallot.getDefaultInstance(),
          WitnessBallot.getDefaultInstance(),
          LeadershipValue.getDefaultInstance());

  private static final Comparator<WitnessBallot> ORDER =
      Comparator.comparingLong(WitnessBallot::getRound).thenComparing(WitnessBallot::getProposer);

  /** True when a later attempt was promised already. */
  boolean refuses(WitnessBallot ballot) {
    return ORDER.compare(ballot, promised) < 0;
  }

  Vote prepare(WitnessBallot ballot) {
    return refuses(ballot) ? this : new Vote(ballot, acceptedAt, value);
  }

  Vote accept(WitnessBallot ballot, LeadershipValue taken) {
    return refuses(ballot) ? this : new Vote(ballot, ballot, taken);
  }
}
