package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.Partner;
import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pair, its witnesses, upstreams and players, and everything that goes wrong, in one thread and
 * from one seed.
 *
 * <p>In a calm world, one thing fails at a time, and in sync mode nobody may notice. In a wild one
 * anything fails at any time, and nothing may be lost in silence.
 */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class PairWorld {
  private static final long MILLI = 1_000_000;
  private static final long BEAT_NANOS = 50 * MILLI;
  private static final long TIMEOUT_NANOS = 200 * MILLI;
  private static final long SYNC_NANOS = 120 * MILLI;
  private static final long DIAL_NANOS = 250 * MILLI;
  private static final int WITNESS_HOST = 2;
  private static final int UPSTREAM_HOST = 5;
  private static final int PLAYER_HOST = 7;
  private static final int UPSTREAMS = 2;
  private static final int PLAYERS = 2;
  private static final long EVENTS_MAX = 60_000;

  private final VirtualTime time;
  private final SimNet net;
  private final SimBooks books;
  private final SimWitness.SimChosen chosen;
  private final List<SimWitness> witnesses = new ArrayList<>();
  private final List<SimUpstream> upstreams = new ArrayList<>();
  private final List<SimPlayer> players = new ArrayList<>();
  private final SimNode[] nodes = new SimNode[2];
  private final boolean[] machineDown = new boolean[2];
  private final Map<String, SimProcess> processes = new HashMap<>();
  private final Map<String, Long> tally = new TreeMap<>();
  private final boolean calm;
  private final boolean strictConfig;
  private final RoleSettings.ArbiterKind arbiter;
  private final ReplicationMode mode;
  private final int shards;
  private final int hopNanosMax;
  private long ids = 1_000;
  private int runs;
  private long lyingUntil = Long.MIN_VALUE;
  private boolean chaos = true;
  private boolean trace;

  PairWorld(long seed) {
    time = new VirtualTime(seed);
    calm = time.random().nextBoolean();
    strictConfig = time.oneIn(8);
    arbiter = time.oneIn(8) ? RoleSettings.ArbiterKind.ETCD : RoleSettings.ArbiterKind.WITNESS;
    int dice = time.random().nextInt(8);
    mode =
        dice == 0 ? ReplicationMode.ASYNC : dice == 1 ? ReplicationMode.SEMI : ReplicationMode.SYNC;
    shards = 1 + time.random().nextInt(2);
    hopNanosMax = time.oneIn(3) ? 300_000 : 20_000;
    net = new SimNet(time);
    net.lateOneIn = time.oneIn(2) ? 0 : 60;
    net.lossOneIn = time.oneIn(2) ? 0 : 40;
    books = new SimBooks(name -> processes.containsKey(name) && !processes.get(name).dead());
    books.strict = calm && mode == ReplicationMode.SYNC;
    books.strictAnswers = books.strict;
    int count = arbiter == RoleSettings.ArbiterKind.ETCD ? 1 : 3;
    chosen = new SimWitness.SimChosen(count, books);
    for (int i = 0; i < count; i++) {
      witnesses.add(new SimWitness(time, WITNESS_HOST + i, i, chosen));
    }
    for (int i = 0; i < UPSTREAMS; i++) {
      upstreams.add(new SimUpstream(this, UPSTREAM_HOST + i, PLAYERS));
    }
    start(0);
    start(1);
    for (int i = 0; i < PLAYERS; i++) {
      players.add(new SimPlayer(this, PLAYER_HOST, i, time.random().nextBoolean()));
    }
  }

  /** Says what happens. */
  PairWorld traced() {
    trace = true;
    return this;
  }

  // ---------------------------------------------------------------- what there is

  VirtualTime time() {
    return time;
  }

  SimNet net() {
    return net;
  }

  SimBooks books() {
    return books;
  }

  List<SimWitness> witnesses() {
    return witnesses;
  }

  List<SimUpstream> upstreams() {
    return upstreams;
  }

  SimNode node(int index) {
    return nodes[index];
  }

  Leadership chosen() {
    return chosen.value();
  }

  ReplicationMode mode() {
    return mode;
  }

  int shards() {
    return shards;
  }

  int hopNanosMax() {
    return hopNanosMax;
  }

  boolean chaos() {
    return chaos;
  }

  long nextId() {
    return ++ids;
  }

  long nextIncarnation() {
    return ++ids;
  }

  void count(String what) {
    tally.merge(what, 1L, Long::sum);
  }

  void note(SimNode node, RoleEffect.Note note) {
    if (trace) {
      say(node.incarnation() + " " + note.text());
    }
  }

  /** A line of the trace. */
  void say(String text) {
    if (trace) {
      System.out.printf("%9.3f %s%n", (time.nowNanos() + 1e9) / 1e6, text);
    }
  }

  // ---------------------------------------------------------------- gateways

  private void start(int index) {
    SimProcess process = new SimProcess(time, index);
    String server = index == 0 ? "a" : "b";
    String incarnation = server + "#" + runs++;
    processes.put(incarnation, process);
    RoleSettings settings =
        new RoleSettings(
            server,
            incarnation,
            index == 0 ? RoleSettings.Mode.PRIMARY : RoleSettings.Mode.BACKUP,
            strictConfig,
            arbiter,
            BEAT_NANOS,
            TIMEOUT_NANOS,
            SYNC_NANOS,
            60 * MILLI);
    nodes[index] = new SimNode(this, settings, process);
    if (machineDown[index]) {
      machineDown[index] = false;
    }
    SimNode node = nodes[index];
    process.after(time.random().nextLong(20 * MILLI), node::begin);
  }

  private void kill(int index, boolean silently) {
    SimProcess process = nodes[index].process();
    if (process.dead()) {
      return;
    }
    say("kill " + nodes[index].incarnation() + (silently ? " silently" : ""));
    count(silently ? "machine lost" : "killed");
    process.die(silently);
    machineDown[index] = silently;
    SimNode other = nodes[1 - index];
    other.process().after(time.random().nextLong(3 * MILLI), other::look);
  }

  private void restart(int index) {
    SimProcess old = nodes[index].process();
    if (old.dead()) {
      say("restart " + nodes[index].incarnation());
      if (machineDown[index]) {
        old.tellPeers();
      }
      start(index);
    }
  }

  /** A connection to the other gateway's process. */
  void dial(SimProcess from, Consumer<SimNode> up, Consumer<Boolean> failed) {
    dial(from, 1 - from.host, up, failed);
  }

  /** A connection to a gateway. */
  void dial(SimProcess from, int host, Consumer<SimNode> up, Consumer<Boolean> failed) {
    boolean[] done = {false};
    from.after(
        DIAL_NANOS,
        () -> {
          if (!done[0]) {
            done[0] = true;
            failed.accept(false);
          }
        });
    if (net.blocked(from.host, host) || net.blocked(host, from.host) || machineDown[host]) {
      return;
    }
    time.after(
        net.delayNanos(),
        () -> {
          SimNode node = nodes[host];
          if (node.process().dead()) {
            if (!machineDown[host]) {
              from.now(() -> once(done, () -> failed.accept(true)));
            }
          } else {
            node.process()
                .now(() -> from.now(() -> once(done, () -> upOrFailed(node, up, failed))));
          }
        });
  }

  private static void once(boolean[] done, Runnable task) {
    if (!done[0]) {
      done[0] = true;
      task.run();
    }
  }

  private static void upOrFailed(SimNode node, Consumer<SimNode> up, Consumer<Boolean> failed) {
    if (node.process().dead()) {
      failed.accept(true);
    } else {
      up.accept(node);
    }
  }

  /** News of the register reach the other by its witnesses. */
  void hint(SimNode from, Leadership value) {
    SimNode other = nodes[1 - from.process().host];
    boolean heard =
        witnesses.stream()
            .anyMatch(w -> !w.process.dead() && !net.blocked(w.process.host, other.process().host));
    if (heard) {
      other
          .process()
          .after(net.delayNanos(), () -> other.input(new RoleInput.LeadershipSeen(value)));
    }
  }

  /** What the witnesses say of the process that matters to this one; null when there is none. */
  @Nullable Evidence evidence(SimNode observer) {
    if (arbiter != RoleSettings.ArbiterKind.WITNESS) {
      return null;
    }
    Leadership known = observer.role().leadership();
    String who = null;
    for (String one : known.inSync()) {
      who = one.equals(observer.incarnation()) ? who : one;
    }
    if (who == null) {
      return null;
    }
    SimProcess process = processes.get(who);
    int connected = 0;
    int gone = 0;
    int silent = 0;
    int me = observer.process().host;
    for (SimWitness witness : witnesses) {
      int host = witness.process.host;
      if (witness.process.dead() || net.blocked(host, me) || net.blocked(me, host)) {
        continue;
      }
      connected++;
      boolean restarted = nodes[process.host].process() != process;
      if (process.dead() && (restarted || !machineDown[process.host])) {
        gone++;
      } else if (process.dead()
          || process.paused()
          || net.blocked(process.host, host)
          || time.nowNanos() < lyingUntil) {
        silent++;
      }
    }
    return new Evidence(who, witnesses.size(), connected, gone, silent);
  }

  // ---------------------------------------------------------------- the run

  /**
   * Runs everything, with the invariants checked on the way.
   *
   * @return how often what happened
   */
  Map<String, Long> run() {
    say("calm " + calm + ", " + mode + ", " + arbiter + ", strict " + strictConfig);
    upstreams.forEach(SimUpstream::begin);
    players.forEach(SimPlayer::begin);
    if (!calm) {
      time.after(time.random().nextLong(400 * MILLI), this::wildFault);
    }
    int faults = calm ? 1 + time.random().nextInt(3) : Integer.MAX_VALUE;
    long end = time.nowNanos() + (calm ? 4_000 : 600 + time.random().nextInt(1_200)) * MILLI;
    for (int i = 0; i < faults && time.nowNanos() < end; i++) {
      until(calm ? this::whole : () -> false, end);
      if (calm && whole()) {
        until(() -> false, time.nowNanos() + time.random().nextLong(60 * MILLI));
        if (!whole()) {
          continue;
        }
        calmFault();
        until(() -> false, time.nowNanos() + MILLI);
      }
    }
    settle();
    tally.put("events", time.ran());
    return tally;
  }

  private boolean until(java.util.function.BooleanSupplier holds, long endNanos) {
    long nextLook = time.nowNanos();
    while (time.nowNanos() < endNanos) {
      if (time.nowNanos() >= nextLook) {
        nextLook = time.nowNanos() + 10 * MILLI;
        if (holds.getAsBoolean()) {
          return true;
        }
      }
      time.step();
      SimBooks.must(time.ran() < EVENTS_MAX, "comes to rest", this);
    }
    return holds.getAsBoolean();
  }

  private @Nullable SimNode leader() {
    for (SimNode node : nodes) {
      boolean leads = chosen().leader().equals(node.incarnation());
      if (leads && !node.process().dead() && node.lets()) {
        return node;
      }
    }
    return null;
  }

  /** Everything is there, and works. */
  private boolean whole() {
    SimNode leader = leader();
    return leader != null
        && leader.role().partner() == Partner.PAIRED
        && all(nodes[0], nodes[1], node -> chosen().inSync().contains(node.incarnation()))
        && leader.fence().ready()
        && all(nodes[0], nodes[1], node -> !node.process().dead() && !node.process().paused())
        && !net.anyBlocked()
        && time.nowNanos() >= lyingUntil
        && upstreams.stream().allMatch(u -> !u.process.dead())
        && witnesses.stream().filter(w -> w.process.dead()).count() * 2 < witnesses.size()
        && players.stream().allMatch(SimPlayer::attached);
  }

  private static boolean all(SimNode one, SimNode two, Predicate<SimNode> holds) {
    return holds.test(one) && holds.test(two);
  }

  private void settle() {
    say("settle");
    chaos = false;
    net.lossOneIn = 0;
    net.lateOneIn = 0;
    lyingUntil = Long.MIN_VALUE;
    net.healAll();
    for (int i = 0; i < 2; i++) {
      nodes[i].process().goOn();
      restart(i);
    }
    witnesses.forEach(SimWitness::restart);
    upstreams.forEach(this::restart);
    boolean rests = until(this::rests, time.nowNanos() + 15_000 * MILLI);
    SimBooks.must(rests, "comes to rest", this);
    // What is still on its way arrives.
    until(() -> false, time.nowNanos() + 30 * MILLI);
    SimNode leader = leader();
    SimBooks.must(leader != null && chosen().leader().equals(leader.incarnation()), "leads", this);
    SimBooks.must(chosen().inSync().size() == 2, "in sync is whole", chosen());
    players.forEach(SimPlayer::checkAtRest);
    SimNode other = nodes[1 - leader.process().host];
    if (leader.fleet().quiet()) {
      compare(leader, other);
    }
  }

  /** Invariant 16. */
  private static void compare(SimNode leader, SimNode standby) {
    for (SimSeat seat : leader.fleet().seats()) {
      var replica = standby.standby().sessionOf(seat.number());
      SimBooks.must(replica != null, "16: the standby has the session", seat);
      SimBooks.must(
          dev.gatesvr.session.SessionReplica.digest(replica)
              == dev.gatesvr.session.SessionReplica.digest(seat.core()),
          "16: digests",
          seat);
    }
    SimBooks.must(
        standby.standby().size() == leader.fleet().seats().size(), "16: sessions", standby);
  }

  private boolean rests() {
    if (!whole() || !players.stream().allMatch(SimPlayer::atRest)) {
      return false;
    }
    SimNode leader = leader();
    return leader != null
        && leader.fleet().quiet()
        && leader.fleet().seats().stream()
            .allMatch(
                seat ->
                    seat.core().outstandingRequests() == 0 && seat.core().queuedMessages() == 0);
  }

  private void restart(SimUpstream upstream) {
    if (upstream.process.dead()) {
      upstream.restart();
      for (SimNode node : nodes) {
        node.process().after(net.delayNanos(), () -> node.fence().follow(upstream));
      }
    }
  }

  // ---------------------------------------------------------------- what goes wrong

  private long upTo(int millis) {
    return time.random().nextLong(millis * MILLI) + 1;
  }

  private int anyNode() {
    return time.random().nextInt(2);
  }

  private int leaderMostly() {
    SimNode leader = leader();
    return leader != null && !time.oneIn(4) ? leader.process().host : anyNode();
  }

  private void wildFault() {
    if (!chaos) {
      return;
    }
    fault(time.random().nextInt(14), 400);
    time.after(upTo(250), this::wildFault);
  }

  private void calmFault() {
    fault(time.random().nextInt(14), 700);
  }

  private void fault(int which, int millis) {
    switch (which) {
      case 0, 1, 2 -> {
        int index = leaderMostly();
        kill(index, which == 2);
        time.after(20 * MILLI + upTo(millis), () -> restart(index));
      }
      case 3, 4 -> {
        int index = leaderMostly();
        say("pause " + nodes[index].incarnation());
        count("paused");
        nodes[index].process().pause(upTo(millis));
      }
      case 5 -> block(0, 1, time.oneIn(2), millis);
      case 6 -> {
        int index = leaderMostly();
        for (SimWitness witness : witnesses) {
          block(index, witness.process.host, time.oneIn(2), millis);
        }
      }
      case 7 -> {
        int index = leaderMostly();
        for (SimWitness witness : witnesses) {
          block(index, witness.process.host, true, millis);
        }
        block(index, 1 - index, true, millis);
      }
      case 8 -> {
        SimUpstream upstream = upstreams.get(time.random().nextInt(UPSTREAMS));
        say("upstream restarts");
        count("upstream restarted");
        books.strictAnswers = false;
        upstream.die();
        time.after(10 * MILLI + upTo(100), () -> restart(upstream));
      }
      case 9 -> {
        SimWitness witness = witnesses.get(time.random().nextInt(witnesses.size()));
        count("witness restarted");
        witness.die();
        time.after(10 * MILLI + upTo(millis), witness::restart);
      }
      case 10 -> {
        say("witnesses lie");
        count("false evidence");
        lyingUntil = time.nowNanos() + upTo(300);
        for (SimNode node : nodes) {
          node.process().after(0, node::look);
        }
        block(anyNode(), 0, false, 1);
      }
      case 11 -> {
        SimNode leader = leader();
        if (leader != null) {
          say("switch over");
          count("switchover wished");
          leader.process().after(0, () -> leader.input(new RoleInput.SwitchOver()));
        }
      }
      case 12 -> players.get(time.random().nextInt(PLAYERS)).cut();
      default ->
          block(leaderMostly(), UPSTREAM_HOST + time.random().nextInt(UPSTREAMS), true, millis);
    }
  }

  private void block(int from, int to, boolean bothWays, int millis) {
    if (from == to) {
      return;
    }
    say("block " + from + " to " + to + (bothWays ? " and back" : ""));
    count("partition");
    boolean turned = !bothWays && time.oneIn(2);
    net.block(turned ? to : from, turned ? from : to);
    if (bothWays) {
      net.block(to, from);
    }
    time.after(upTo(millis), net::healAll);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("register ").append(chosen());
    for (SimNode node : nodes) {
      text.append("; ").append(node.incarnation()).append(' ').append(node.role());
      text.append(' ').append(node.fleet());
    }
    return text + "; " + players;
  }
}
