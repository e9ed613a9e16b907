package dev.gatesvr.cmd.demo.pair;

import java.util.ArrayList;
import java.util.List;

/**
 * What the players and the zones counted, compared, over one player or many.
 *
 * @param gaps how often a player was told that pushes were dropped
 * @param resyncs how often a player was told that pushes may be missing
 */
record Tally(Requests requests, Pushes pushes, int gaps, int resyncs) {
  static final Tally NONE =
      new Tally(new Requests(0, 0, 0, 0), new Pushes(0, 0, 0, 0, 0, 0, 0), 0, 0);

  /**
   * @param ranAgain runs of a request that had run before
   * @param answeredNotRun answers to requests that no zone ran
   */
  record Requests(int asked, int answered, int ranAgain, int answeredNotRun) {
    Requests plus(Requests other) {
      return new Requests(
          asked + other.asked,
          answered + other.answered,
          ranAgain + other.ranAgain,
          answeredNotRun + other.answeredNotRun);
    }
  }

  /**
   * @param acknowledged a gateway said that it took them
   * @param unknown a gateway died with them: nobody claims anything
   * @param unknownButCame of these, those that came
   * @param lost acknowledged, and never came
   */
  record Pushes(
      int pushed,
      int acknowledged,
      int unknown,
      int unknownButCame,
      int lost,
      int duplicates,
      int reordered) {
    Pushes plus(Pushes other) {
      return new Pushes(
          pushed + other.pushed,
          acknowledged + other.acknowledged,
          unknown + other.unknown,
          unknownButCame + other.unknownButCame,
          lost + other.lost,
          duplicates + other.duplicates,
          reordered + other.reordered);
    }

    int notTaken() {
      return pushed - acknowledged - unknown;
    }
  }

  Tally plus(Tally other) {
    return new Tally(
        requests.plus(other.requests),
        pushes.plus(other.pushes),
        gaps + other.gaps,
        resyncs + other.resyncs);
  }

  /** What must not have happened and did, in words; empty when all is well. */
  List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    add(wrong, requests.asked - requests.answered, "requests without an answer");
    add(wrong, requests.ranAgain, "requests run twice");
    add(wrong, requests.answeredNotRun, "requests answered and not run");
    add(wrong, pushes.lost, "pushes lost");
    add(wrong, pushes.duplicates, "pushes twice");
    add(wrong, pushes.reordered, "pushes out of order");
    add(wrong, gaps, "gaps");
    add(wrong, resyncs, "resyncs");
    if (pushes.acknowledged == 0 || requests.answered == 0) {
      wrong.add("nothing was pushed or asked");
    }
    return wrong;
  }

  private static void add(List<String> wrong, int count, String what) {
    if (count != 0) {
      wrong.add(count + " " + what);
    }
  }
}
