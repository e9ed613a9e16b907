package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.Partner;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.backup.role.RoleSettings.ArbiterKind;
import dev.gatesvr.backup.role.RoleSettings.Mode;
import dev.gatesvr.backup.role.RoleState;
import dev.gatesvr.testkit.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run, from one seed: a pair, its faults, and the time after them in which it heals. */
final class PairWorld {
  static final long HEARTBEAT_TIMEOUT_NANOS = 300 * Net.MS;
  static final long SYNC_TIMEOUT_NANOS = 500 * Net.MS;
  private static final long FAULTS_NANOS = 10_000 * Net.MS;
  private static final long HEALING_NANOS = 8_000 * Net.MS;

  final VirtualTime time;
  final Net net;
  final Truth truth;
  final Witnesses witnesses;
  final boolean strict;
  final ArbiterKind arbiter;
  Leadership etcd = Leadership.NONE;
  boolean etcdUp = true;
  private final List<@Nullable Proc> nodes = new ArrayList<>();
  private final int[] starts = {0, 0};
  private final boolean[] slow = {false, false};
  private boolean calm;
  private boolean parted;
  private long ids;
  private long fence;

  PairWorld(long seed) {
    this(seed, seed % 3 == 0 ? ArbiterKind.ETCD : ArbiterKind.WITNESS, seed % 5 == 0);
  }

  PairWorld(long seed, ArbiterKind arbiter, boolean strict) {
    time = new VirtualTime(seed);
    net = new Net(time);
    truth = new Truth(this);
    witnesses = new Witnesses(this);
    this.arbiter = arbiter;
    this.strict = strict;
    nodes.add(null);
    nodes.add(null);
    start(0);
    start(1);
  }

  void start(int node) {
    starts[node]++;
    String server = node == 0 ? "a" : "b";
    String incarnation = server + "#" + starts[node];
    truth.note(incarnation, "starts");
    nodes.set(
        node,
        new Proc(
            this,
            new RoleSettings(
                server,
                incarnation,
                node == 0 ? Mode.PRIMARY : Mode.BACKUP,
                strict,
                arbiter,
                50 * Net.MS,
                HEARTBEAT_TIMEOUT_NANOS,
                SYNC_TIMEOUT_NANOS,
                100 * Net.MS)));
  }

  void kill(int node) {
    Proc proc = nodes.get(node);
    if (proc != null) {
      proc.die();
      nodes.set(node, null);
    }
  }

  @Nullable Proc node(int node) {
    return nodes.get(node);
  }

  List<Proc> processes() {
    List<Proc> living = new ArrayList<>();
    for (Proc proc : nodes) {
      if (proc != null) {
        living.add(proc);
      }
    }
    return living;
  }

  @Nullable Proc otherOf(Proc proc) {
    return nodes.get(proc.place.equals("a") ? 1 : 0);
  }

  String otherPlace(Proc proc) {
    return proc.place.equals("a") ? "b" : "a";
  }

  boolean lives(String incarnation) {
    return processes().stream().anyMatch(p -> p.incarnation.equals(incarnation));
  }

  /** A witness took a value, and tells the gateways. */
  void hint(Leadership value, String from) {
    for (Proc proc : processes()) {
      net.send(
          from, proc.place, () -> proc.post(() -> proc.input(new RoleInput.LeadershipSeen(value))));
    }
  }

  long nextId() {
    return ++ids;
  }

  /** Upstreams record a term. */
  void fence(long term) {
    fence = Math.max(fence, term);
  }

  long fence() {
    return fence;
  }

  boolean fenced(long term) {
    return term < fence;
  }

  void slow(int node, boolean isSlow) {
    slow[node] = isSlow;
  }

  boolean slow(Proc proc) {
    return slow[proc.place.equals("a") ? 0 : 1];
  }

  /** No arbiter: the register is in nobody's hands. */
  boolean bare() {
    return arbiter == ArbiterKind.NONE;
  }

  /** The two cannot talk, or could not. */
  boolean parted() {
    return parted;
  }

  void part() {
    parted = true;
    net.block("a", "b");
    net.block("b", "a");
  }

  /** No faults any more. */
  boolean calm() {
    return calm;
  }

  void run() {
    Faults faults = new Faults(this);
    runFor(1_000 * Net.MS);
    faults.schedule(FAULTS_NANOS);
    runFor(FAULTS_NANOS);
    faults.end();
    rest();
  }

  /** The faults end, and after a while everything is as it should be. */
  void rest() {
    heal();
    runFor(HEALING_NANOS);
    long before = truth.acks();
    runFor(1_000 * Net.MS);
    healed(truth.acks() - before);
  }

  void runFor(long nanos) {
    long end = time.nowNanos() + nanos;
    boolean[] over = {false};
    time.at(end, () -> over[0] = true);
    while (!over[0] && time.step()) {
      // Every event checks what it changes.
    }
  }

  void heal() {
    truth.note("world", "heals");
    calm = true;
    net.heal();
    etcdUp = true;
    for (int i = 0; i < witnesses.count(); i++) {
      witnesses.up(i, true);
    }
    for (int i = 0; i < nodes.size(); i++) {
      slow[i] = false;
      Proc proc = nodes.get(i);
      if (proc == null) {
        start(i);
      } else {
        proc.resume();
      }
    }
  }

  private void healed(long acks) {
    List<Proc> primaries =
        processes().stream().filter(p -> p.machine.status().state() == RoleState.PRIMARY).toList();
    truth.check(primaries.size() == 1, "leaders after healing: " + states());
    Proc primary = primaries.get(0);
    truth.check(primary.machine.status().partner() == Partner.PAIRED, "not paired: " + states());
    truth.check(
        bare() || processes().stream().allMatch(p -> truth.last().inSync().contains(p.incarnation)),
        "inSync is not whole: " + truth.last() + states());
    truth.check(acks > 10, "acknowledged in a second after healing: " + acks + states());
  }

  private List<Object> states() {
    List<Object> all = new ArrayList<>();
    processes().forEach(p -> all.add(p.incarnation + " " + p.machine.status()));
    return all;
  }
}
