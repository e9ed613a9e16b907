package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Evidence;
import dev.gatesvr.backup.register.Leadership;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is known of the other gateway. Not thread-safe. */
final class PeerWatch {
  /** Processes that are remembered as replaced, or with evidence; the pair has two at a time. */
  private static final int REMEMBERED_MAX = 16;

  private final RoleSettings settings;
  private final Alarm alarm;
  private final PeerLink dialled;
  private final PeerLink accepted;
  private final Deque<String> replaced = new ArrayDeque<>();
  private final List<Evidence> evidence = new ArrayList<>();
  private String server = "";
  private String current = "";

  PeerWatch(RoleSettings settings, Alarm alarm) {
    this.settings = settings;
    this.alarm = alarm;
    dialled = new PeerLink(alarm.nowNanos());
    accepted = new PeerLink(alarm.nowNanos());
  }

  PeerLink dialled() {
    return dialled;
  }

  PeerLink accepted() {
    return accepted;
  }

  PeerLink side(LinkSide side) {
    return side == LinkSide.FOLLOWER ? dialled : accepted;
  }

  boolean linked() {
    return dialled.up() || accepted.up();
  }

  void up(RoleInput.LinkUp link) {
    side(link.side()).up(link.incarnation(), link.role(), alarm.nowNanos());
    if (replaced.contains(link.incarnation()) || current.equals(link.incarnation())) {
      return;
    }
    if (!current.isEmpty()) {
      replaced.addLast(current);
      if (replaced.size() > REMEMBERED_MAX) {
        replaced.removeFirst();
      }
    }
    server = link.serverId();
    current = link.incarnation();
  }

  void see(Evidence seen) {
    evidence.removeIf(old -> old.incarnation().equals(seen.incarnation()));
    evidence.add(seen);
    if (evidence.size() > REMEMBERED_MAX) {
      evidence.remove(0);
    }
  }

  /** This process was paused, so that its clock says nothing about the other. */
  void restart() {
    dialled.restart(alarm.nowNanos());
    accepted.restart(alarm.nowNanos());
  }

  /** A newer process of the same server was heard: this one, and its memory, are no more. */
  boolean superseded(String process) {
    String of = Incarnations.serverOf(process);
    if (of.equals(settings.serverId())) {
      return !process.equals(settings.incarnation());
    }
    return of.equals(server) && !process.equals(current);
  }

  /** No process holds what was acknowledged. */
  boolean allSuperseded(Leadership leadership) {
    return leadership.inSync().stream().allMatch(this::superseded);
  }

  /** A link to it stands, and it was heard on it within the heartbeat timeout. */
  boolean alive(String process) {
    return alive(dialled, process) || alive(accepted, process);
  }

  private boolean alive(PeerLink link, String process) {
    return link.upTo(process) && !alarm.due(link.heardNanos() + settings.heartbeatTimeoutNanos());
  }

  /** Nothing was heard of the other for the heartbeat timeout. */
  boolean silent() {
    long heard = dialled.heardNanos();
    if (accepted.up() && accepted.heardNanos() - heard > 0) {
      heard = accepted.heardNanos();
    }
    return alarm.due(heard + settings.heartbeatTimeoutNanos());
  }

  /** Why the leader is taken for gone, or null while it is not. */
  @Nullable String suspicion(String leader) {
    if (superseded(leader)) {
      return "a newer process of its server was heard";
    }
    boolean silent = silent();
    if (settings.arbiter() == RoleSettings.ArbiterKind.WITNESS) {
      if (!dialled.up() && dialled.ended() && dead(leader)) {
        return "the link ended and most witnesses lost it too";
      }
      return silent && suspect(leader) ? "silent, and for most witnesses too" : null;
    }
    if (!dialled.up() && dialled.refused()) {
      return "the link ended and its server refuses another";
    }
    return silent ? "silent" : null;
  }

  /** Most witnesses say that the process is dead. */
  boolean dead(String process) {
    return evidence.stream().anyMatch(e -> e.incarnation().equals(process) && e.dead());
  }

  private boolean suspect(String process) {
    return evidence.stream().anyMatch(e -> e.incarnation().equals(process) && e.suspect());
  }
}
