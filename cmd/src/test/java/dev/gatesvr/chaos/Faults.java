package dev.gatesvr.chaos;

import dev.gatesvr.chaos.Scenario.Kind;
import dev.gatesvr.chaos.Verdict.Allowance;
import java.util.List;

/** Faults of processes: killed, paused, restarted, switched. */
final class Faults {
  private static final int BURST = 15;

  private Faults() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of("kill-primary", Faults::killPrimary),
        Scenario.of("kill-standby", Faults::killStandby),
        Scenario.of("pause-primary", Faults::pausePrimary),
        Scenario.of("pause-standby", Faults::pauseStandby),
        Scenario.of("pause-primary-shortly", Faults::pauseShortly),
        Scenario.of("pause-during-promotion", Faults::pauseDuringPromotion),
        Scenario.of("switchover", Faults::switchOver),
        Scenario.of("switchover-twice", Faults::switchOverTwice),
        Scenario.of("kill-primary-in-switchover", Faults::killInSwitchOver)
            .mayCost(Allowance.RESYNC),
        Scenario.of("standby-empty-then-kill-primary", Faults::emptyStandby)
            .mayCost(Allowance.RESYNC),
        Scenario.of("crash-during-snapshot", Faults::crashDuringSnapshot),
        Scenario.of("kill-both", Faults::killBoth).mayCost(Allowance.RESYNC),
        Scenario.of("restart-zones", Faults::restartZones).mayCost(Allowance.UNKNOWN_REQUESTS),
        Scenario.of("restart-zones-and-kill-primary", Faults::restartZonesAndKill)
            .mayCost(Allowance.UNKNOWN_REQUESTS),
        Scenario.of("strict-kill-standby", Faults::strictKillStandby).in(Kind.STRICT),
        Scenario.of("strict-kill-primary", Faults::killPrimary).in(Kind.STRICT));
  }

  /** kill -9 in a burst; the old primary comes back as standby. */
  static void killPrimary(Stage stage) {
    stage.world().burst(BURST);
    stage.pause(0, 40);
    stage.signal();
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
    stage.pause(300, 800);
  }

  /** Solo, then whole again. */
  static void killStandby(Stage stage) {
    stage.world().burst(BURST);
    stage.pause(0, 40);
    stage.signal();
    stage.follower().process().kill();
    stage.pause(1_000, 1_500);
    stage.mustLead(stage.leader());
  }

  /** SIGSTOP for longer than the timeout, then SIGCONT: the zombie is fenced and rejoins. */
  private static void pausePrimary(Stage stage) {
    stage.world().burst(BURST);
    stage.pause(0, 40);
    stage.signal();
    stage.leader().process().pause();
    stage.awaitLeader(stage.follower());
    stage.pause(100, 1_500);
    stage.leader().process().resume();
    stage.awaitWhole();
    stage.mustLead(stage.follower());
  }

  private static void pauseStandby(Stage stage) {
    stage.signal();
    stage.follower().process().pause();
    stage.pause(800, 2_000);
    stage.follower().process().resume();
    stage.awaitWhole();
    stage.mustLead(stage.leader());
  }

  /** A pause below the timeout, as a collection makes; whoever leads then, nothing is lost. */
  private static void pauseShortly(Stage stage) {
    stage.signal();
    stage.leader().process().pause();
    stage.pause(50, 200);
    stage.leader().process().resume();
    stage.pause(500, 800);
    if (stage.world().roles().primary() != stage.leader()) {
      stage.note("the lead changed");
    }
  }

  /** The standby stops too, some time into its promotion, and comes back. */
  private static void pauseDuringPromotion(Stage stage) {
    stage.world().burst(BURST);
    stage.signal();
    boolean killed = stage.draw(2) == 0;
    if (killed) {
      stage.leader().process().kill();
    } else {
      stage.leader().process().pause();
    }
    stage.pause(0, 600);
    stage.follower().process().pause();
    stage.pause(200, 1_500);
    stage.follower().process().resume();
    stage.awaitLeader(stage.follower());
    stage.pause(200, 500);
  }

  private static void switchOver(Stage stage) {
    stage.world().burst(BURST);
    stage.pause(0, 40);
    stage.signal();
    String said = stage.world().roles().post(stage.leader(), "/backup/switch");
    if (!said.startsWith("200 ")) {
      stage.mistake("switchover: " + said);
    }
    stage.note(said.replaceAll("\\s+", " "));
    stage.awaitLeader(stage.follower());
    stage.pause(300, 800);
  }

  private static void switchOverTwice(Stage stage) {
    switchOver(stage);
    stage.awaitWhole();
    String said = stage.world().roles().post(stage.follower(), "/backup/switch");
    if (!said.startsWith("200 ")) {
      stage.mistake("back: " + said);
    }
    stage.awaitLeader(stage.leader());
    stage.pause(300, 500);
  }

  /** The old primary dies some time into the hand-over; the standby had everything before. */
  private static void killInSwitchOver(Stage stage) {
    stage.signal();
    Thread asking =
        Thread.startVirtualThread(
            () -> stage.world().roles().post(stage.leader(), "/backup/switch"));
    stage.pause(0, 60);
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
    stage.pause(200, 400);
    asking.interrupt();
  }

  /** The standby restarts with an empty memory, and the primary dies before or after it joined. */
  private static void emptyStandby(Stage stage) {
    Node standby = stage.follower();
    standby.process().kill();
    standby.start();
    standby.awaitBanner();
    stage.pause(0, 1_500);
    boolean held = stage.world().roles().whole();
    stage.note(held ? "had joined" : "had not joined");
    stage.signal();
    stage.leader().process().kill();
    stage.pause(500, 1_500);
    Roles.Seen seen = stage.world().roles().of(standby);
    if (!held && seen != null && seen.primary()) {
      stage.note("it leads");
    }
  }

  /** A standby dies while it gets its snapshot, and the next one joins. */
  private static void crashDuringSnapshot(Stage stage) {
    Node standby = stage.follower();
    standby.process().kill();
    stage.signal();
    for (int i = 0; i < 2; i++) {
      standby.start();
      standby.awaitBanner();
      stage.pause(0, 300);
      standby.process().kill();
    }
    stage.mustLead(stage.leader());
  }

  /** Everything is forgotten, and everybody is told. */
  private static void killBoth(Stage stage) {
    stage.signal();
    stage.follower().process().kill();
    stage.pause(0, 50);
    stage.leader().process().kill();
    stage.pause(0, 300);
  }

  /** Zones restart one after the other with requests under way; two witnesses are always there. */
  private static void restartZones(Stage stage) {
    stage.signal();
    ZonePlace place = stage.world().zones().get(stage.draw(stage.world().zones().size()));
    place.process().kill();
    stage.pause(0, 300);
    stage.world().heal();
    stage.pause(500, 1_000);
    stage.mustLead(stage.leader());
  }

  private static void restartZonesAndKill(Stage stage) {
    stage.signal();
    ZonePlace place = stage.world().zones().get(stage.draw(stage.world().zones().size()));
    place.process().kill();
    stage.pause(0, 300);
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
    stage.pause(200, 500);
  }

  /** Without its standby a strict primary acknowledges nothing; it goes on when there is one. */
  private static void strictKillStandby(Stage stage) {
    stage.signal();
    stage.follower().process().kill();
    stage.pause(800, 1_200);
    stage.mustLead(stage.leader());
    long before = System.nanoTime();
    stage.pause(400, 600);
    long acknowledged =
        stage.world().history().told().stream()
            .filter(told -> told.outcome() == History.Outcome.ACKNOWLEDGED)
            .filter(told -> told.nanos() - before > 0)
            .count();
    if (acknowledged > 0) {
      stage.mistake("strict, alone, and acknowledged " + acknowledged + " pushes");
    }
  }
}
