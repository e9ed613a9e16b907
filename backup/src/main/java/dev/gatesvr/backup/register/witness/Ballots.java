package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.proto.WitnessBallot;

/** Ballots as they are sent. */
final class Ballots {
  private Ballots() {}

  static WitnessBallot toWire(Ballot ballot) {
    return WitnessBallot.newBuilder()
        .setRound(ballot.round())
        .setProposer(ballot.proposer())
        .build();
  }

  static Ballot fromWire(WitnessBallot ballot) {
    return new Ballot(ballot.getRound(), ballot.getProposer());
  }
}
