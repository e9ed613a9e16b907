package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.register.Acceptor;
import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Three witnesses with disks, and what each sees of the gateways' processes. */
final class Witnesses {
  private static final long REPORT_NANOS = 10 * Net.MS;

  private static final class Witness {
    private Acceptor disk = Acceptor.EMPTY;
    private boolean up = true;
    private boolean diskless;
    private final Map<String, Long> heardNanos = new TreeMap<>();
    private final Set<String> gone = new HashSet<>();
  }

  /** What one witness said last to one process. */
  record Report(long atNanos, Map<String, Boolean> goneElseSilent) {}

  private final PairWorld world;
  private final List<Witness> all = new ArrayList<>();
  private final Map<Ballot, Set<Integer>> accepted = new HashMap<>();
  private Ballot newest = Ballot.NONE;

  Witnesses(PairWorld world) {
    this.world = world;
    for (int i = 0; i < 3; i++) {
      all.add(new Witness());
    }
    world.time.after(REPORT_NANOS, this::report);
  }

  int count() {
    return all.size();
  }

  static String place(int witness) {
    return "w" + witness;
  }

  void up(int witness, boolean up) {
    Witness w = all.get(witness);
    w.up = up && !w.diskless;
    w.heardNanos.clear();
    w.gone.clear();
  }

  /** It refuses to start without its votes. */
  void loseDisk(int witness) {
    if (all.stream().noneMatch(w -> w.diskless)) {
      all.get(witness).diskless = true;
      up(witness, false);
    }
  }

  void ask(String from, int witness, Message.Request request, Consumer<Message.Answer> answer) {
    world.net.send(
        from,
        place(witness),
        () -> {
          Witness w = all.get(witness);
          if (!w.up) {
            return;
          }
          Acceptor.Step step = w.disk.on(request);
          Leadership before = w.disk.value();
          w.disk = step.after();
          if (step.answer() instanceof Message.Accepted && request instanceof Message.Accept a) {
            accepted(witness, a);
            if (!before.equals(a.value())) {
              world.hint(a.value(), place(witness));
            }
          }
          world.net.send(place(witness), from, () -> answer.accept(step.answer()));
        });
  }

  private void accepted(int witness, Message.Accept accept) {
    Set<Integer> votes = accepted.computeIfAbsent(accept.ballot(), b -> new HashSet<>());
    votes.add(witness);
    if (votes.size() == all.size() / 2 + 1 && accept.ballot().compareTo(newest) > 0) {
      newest = accept.ballot();
      world.truth.chosen(accept.value());
    }
  }

  /** A process is there. */
  void beat(Proc from) {
    for (int i = 0; i < all.size(); i++) {
      Witness w = all.get(i);
      world.net.send(
          from.place,
          place(i),
          () -> {
            if (w.up && from.alive) {
              w.heardNanos.put(from.incarnation, world.time.nowNanos());
              w.gone.remove(from.incarnation);
            }
          });
    }
  }

  /** A process died: its system ends its connections. */
  void died(Proc proc) {
    for (int i = 0; i < all.size(); i++) {
      Witness w = all.get(i);
      world.net.send(
          proc.place,
          place(i),
          () -> {
            if (w.heardNanos.containsKey(proc.incarnation)) {
              w.gone.add(proc.incarnation);
            }
          });
    }
  }

  private void report() {
    world.time.after(REPORT_NANOS, this::report);
    for (int i = 0; i < all.size(); i++) {
      Witness w = all.get(i);
      if (w.up) {
        int witness = i;
        Report report = report(w);
        for (Proc proc : world.processes()) {
          world.net.send(
              place(i), proc.place, () -> proc.post(() -> proc.reported(witness, report)));
        }
      }
    }
  }

  private Report report(Witness w) {
    Map<String, Boolean> seen = new TreeMap<>();
    w.heardNanos.forEach(
        (incarnation, heard) -> {
          if (w.gone.contains(incarnation)) {
            seen.put(incarnation, true);
          } else if (world.time.nowNanos() - heard > PairWorld.HEARTBEAT_TIMEOUT_NANOS) {
            seen.put(incarnation, false);
          }
        });
    return new Report(world.time.nowNanos(), seen);
  }

  /** What the reports say together of one process. */
  static Evidence evidence(String of, List<@Nullable Report> reports, long nowNanos) {
    int connected = 0;
    int gone = 0;
    int silent = 0;
    for (Report report : reports) {
      if (report == null || nowNanos - report.atNanos > PairWorld.HEARTBEAT_TIMEOUT_NANOS) {
        continue;
      }
      connected++;
      Boolean goneElseSilent = report.goneElseSilent.get(of);
      if (goneElseSilent != null) {
        gone += goneElseSilent ? 1 : 0;
        silent += goneElseSilent ? 0 : 1;
      }
    }
    return new Evidence(of, reports.size(), connected, gone, silent);
  }
}
