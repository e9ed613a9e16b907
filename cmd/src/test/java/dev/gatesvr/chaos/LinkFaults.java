package dev.gatesvr.chaos;

import dev.gatesvr.chaos.Scenario.Kind;
import dev.gatesvr.chaos.Verdict.Allowance;
import dev.gatesvr.testkit.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Faults of networks: cut, silent, one-sided, slow, lossy. */
final class LinkFaults {
  private static final int SLOW_BYTES_PER_SECOND = 30_000;

  private LinkFaults() {}

  static List<Scenario> all() {
    return List.of(
        Scenario.of("cut-link", LinkFaults::cutLink),
        Scenario.of("silence-link", LinkFaults::silenceLink),
        Scenario.of("lose-to-standby", stage -> oneWay(stage, true)),
        Scenario.of("lose-to-primary", stage -> oneWay(stage, false)),
        Scenario.of("slow-link", LinkFaults::slowLink),
        Scenario.of("primary-cut-from-witnesses", LinkFaults::noWitnesses),
        Scenario.of("primary-cut-from-all", LinkFaults::noneAtAll),
        Scenario.of("witness-minority-down", stage -> witnesses(stage, 1)),
        Scenario.of("witness-majority-down", stage -> witnesses(stage, 2)),
        Scenario.of("witness-majority-down-kill-primary", LinkFaults::noMajority)
            .mayCost(Allowance.RESYNC),
        Scenario.of("witness-restart", stage -> restartWitness(stage, false))
            .mayCost(Allowance.UNKNOWN_REQUESTS),
        Scenario.of("witness-restart-without-disk", stage -> restartWitness(stage, true))
            .mayCost(Allowance.UNKNOWN_REQUESTS),
        Scenario.of("lossy-players", LinkFaults::lossyPlayers),
        Scenario.of("lossy-players-kill-primary", LinkFaults::lossyKill),
        Scenario.of("slow-player", LinkFaults::slowPlayer),
        Scenario.of("resume-storm-kill-primary", LinkFaults::storm),
        Scenario.of("single-nothing", stage -> stage.pause(500, 1_000)).in(Kind.SINGLE));
  }

  /** Both roads of the link, whoever dials. */
  private static List<TcpRelay> roads(Stage stage) {
    return List.of(stage.leader().link, stage.follower().link);
  }

  /** Solo without a failover, then whole again. */
  static void cutLink(Stage stage) {
    stage.signal();
    roads(stage).forEach(Relays::sever);
    stage.pause(800, 1_500);
    stage.mustLead(stage.leader());
    roads(stage).forEach(Relays::mend);
    stage.awaitWhole();
    stage.mustLead(stage.leader());
  }

  private static void silenceLink(Stage stage) {
    stage.signal();
    roads(stage).forEach(Relays::silence);
    stage.pause(800, 1_500);
    stage.mustLead(stage.leader());
  }

  /** The follower dials, so the source is the server of the connection. */
  private static void oneWay(Stage stage, boolean toStandby) {
    stage.signal();
    if (toStandby) {
      stage.leader().link.swallowFromServer();
      stage.follower().link.swallowFromClients();
    } else {
      stage.leader().link.swallowFromClients();
      stage.follower().link.swallowFromServer();
    }
    stage.pause(800, 1_500);
    stage.mustLead(stage.leader());
  }

  /** Back-pressure: players wait, memory is bounded, nothing is lost. */
  private static void slowLink(Stage stage) {
    stage.signal();
    roads(stage).forEach(road -> road.throttle(SLOW_BYTES_PER_SECOND));
    stage.world().burst(10);
    stage.pause(1_500, 2_500);
  }

  /** It hands over, or goes on while its standby is there; nobody else may lead beside it. */
  private static void noWitnesses(Stage stage) {
    stage.signal();
    stage.leader().witnesses.forEach(Relays::silence);
    stage.pause(1_000, 2_000);
    stage.note(leads(stage));
  }

  /** The zombie that cannot know: cut from its standby, witnesses, upstreams' pushes, players. */
  private static void noneAtAll(Stage stage) {
    Node leader = stage.leader();
    stage.signal();
    List<TcpRelay> all = new ArrayList<>(roads(stage));
    all.addAll(leader.witnesses);
    all.add(leader.upstreams);
    all.forEach(Relays::silence);
    leader.players.drop(1);
    stage.awaitLeader(stage.follower());
    stage.pause(500, 1_500);
  }

  private static String leads(Stage stage) {
    Node primary = stage.world().roles().primary();
    return primary == null ? "nobody leads" : primary == stage.leader() ? "stayed" : "handed over";
  }

  private static void witnesses(Stage stage, int down) {
    stage.signal();
    severWitnesses(stage, down);
    stage.pause(800, 1_500);
    stage.mustLead(stage.leader());
  }

  private static void severWitnesses(Stage stage, int down) {
    for (Node node : stage.world().nodes()) {
      node.witnesses.subList(0, down).forEach(Relays::sever);
    }
  }

  /** Nobody may take the lead until a majority is back. */
  private static void noMajority(Stage stage) {
    severWitnesses(stage, 2);
    stage.pause(300, 600);
    stage.signal();
    stage.leader().process().kill();
    stage.pause(800, 1_200);
    if (stage.world().roles().primary() != null) {
      stage.mistake("leads without a majority: " + stage.world().roles().text());
    }
    stage.world().nodes().forEach(Node::mend);
    stage.awaitLeader(stage.follower());
    stage.pause(300, 500);
  }

  private static void restartWitness(Stage stage, boolean withoutDisk) {
    stage.signal();
    ZonePlace place = stage.world().zones().get(stage.draw(stage.world().zones().size()));
    place.process().kill();
    if (withoutDisk) {
      place.loseDisk();
    }
    stage.pause(0, 500);
    stage.world().heal();
    stage.pause(300, 600);
    stage.mustLead(stage.leader());
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
  }

  private static void spoil(Stage stage) {
    double loss = (1 + stage.draw(20)) / 100.0;
    stage.note("loss " + loss);
    for (Node node : stage.world().nodes()) {
      node.players.drop(loss);
      node.players.duplicate(0.05);
      node.players.delay(Duration.ofMillis(stage.draw(20)));
      node.players.jitter(Duration.ofMillis(1 + stage.draw(30)));
    }
  }

  private static void lossyPlayers(Stage stage) {
    stage.signal();
    spoil(stage);
    stage.pause(1_500, 3_000);
  }

  private static void lossyKill(Stage stage) {
    spoil(stage);
    stage.pause(300, 800);
    stage.signal();
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
    stage.pause(1_000, 2_000);
  }

  /** One player sleeps while its session fills; the others do not notice. */
  private static void slowPlayer(Stage stage) {
    Player slow = stage.world().players().get(stage.draw(stage.world().players().size()));
    stage.signal();
    slow.client().suspend();
    stage.world().burst(40);
    stage.pause(300, 1_000);
    stage.leader().process().kill();
    stage.awaitLeader(stage.follower());
    slow.client().resume();
    stage.pause(300, 600);
  }

  /** Everybody left and comes back at once, to a gateway that just took over. */
  private static void storm(Stage stage) {
    stage.world().players().forEach(p -> p.client().suspend());
    stage.pause(100, 300);
    stage.signal();
    stage.leader().process().kill();
    stage.pause(0, 300);
    stage.world().players().forEach(p -> p.client().resume());
    stage.awaitLeader(stage.follower());
    stage.pause(300, 600);
  }
}
