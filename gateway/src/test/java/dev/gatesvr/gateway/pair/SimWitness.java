package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.register.Acceptor;
import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.HashMap;
import java.util.Map;

/** One witness with its disk. */
final class SimWitness {
  private final VirtualTime time;
  private final int host;
  private final int index;
  private final SimChosen chosen;
  private Acceptor onDisk = Acceptor.EMPTY;
  SimProcess process;

  SimWitness(VirtualTime time, int host, int index, SimChosen chosen) {
    this.time = time;
    this.host = host;
    this.index = index;
    this.chosen = chosen;
    this.process = new SimProcess(time, host);
  }

  Message.Answer on(Message.Request request) {
    Acceptor.Step step = onDisk.on(request);
    onDisk = step.after();
    if (step.answer() instanceof Message.Accepted && request instanceof Message.Accept accept) {
      chosen.accepted(index, accept.ballot(), accept.value());
    }
    return step.answer();
  }

  void die() {
    process.die(false);
  }

  void restart() {
    if (process.dead()) {
      process = new SimProcess(time, host);
    }
  }

  /** What a majority accepted: the register itself, as nobody in the world sees it. */
  static final class SimChosen {
    private final int witnesses;
    private final Map<Ballot, Integer> votes = new HashMap<>();
    private final SimBooks books;
    private Leadership value = Leadership.NONE;

    SimChosen(int witnesses, SimBooks books) {
      this.witnesses = witnesses;
      this.books = books;
    }

    Leadership value() {
      return value;
    }

    private void accepted(int witness, Ballot ballot, Leadership newValue) {
      int before = votes.getOrDefault(ballot, 0);
      int voted = before | 1 << witness;
      votes.put(ballot, voted);
      boolean justNow =
          Integer.bitCount(before) <= witnesses / 2 && Integer.bitCount(voted) > witnesses / 2;
      if (justNow && !newValue.equals(value)) {
        books.chosen(value, newValue);
        value = newValue;
      }
    }
  }
}
