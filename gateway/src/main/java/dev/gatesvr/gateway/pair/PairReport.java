package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.role.RoleStatus;
import dev.gatesvr.gateway.admin.PairStatus;
import dev.gatesvr.gateway.admin.PairStatus.Mode;
import dev.gatesvr.gateway.admin.PairStatus.Partner;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import dev.gatesvr.gateway.replica.ReplicaStatus;
import dev.gatesvr.gateway.replica.StandbySessions;
import dev.gatesvr.proto.PairHello;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Puts together what operators see. On the pair's loop. */
record PairReport(
    PairSettings settings,
    Fleet fleet,
    StandbySessions standby,
    History history,
    LeadingSide leading,
    FollowingSide following,
    PairPort port) {

  PairStatus now(RoleStatus role, boolean serving) {
    Leadership register = role.leadership();
    List<ReplicaStatus> logs = fleet.statuses();
    return new PairStatus(
        true,
        role(role),
        partner(role),
        settings.role().serverId(),
        settings.role().incarnation(),
        settings.pair(),
        new PairStatus.Register(
            register.version(),
            register.term(),
            register.leader(),
            List.copyOf(new TreeSet<>(register.inSync()))),
        peer(),
        new PairStatus.Arbiter(
            settings.role().arbiter().name().toLowerCase(Locale.ROOT),
            settings.witnesses(),
            port.witnessesConnected()),
        replication(logs, serving),
        new PairStatus.Sessions(port.sessions(), standby.size()),
        history.status());
  }

  private static Role role(RoleStatus status) {
    return switch (status.state()) {
      case STARTING -> Role.STARTING;
      case FOLLOWING, DEPOSED -> Role.STANDBY;
      case PROMOTING -> Role.CANDIDATE;
      case PRIMARY, HANDING_OVER -> Role.PRIMARY;
    };
  }

  private static Partner partner(RoleStatus status) {
    return switch (status.state()) {
      case HANDING_OVER -> Partner.HANDING_OVER;
      case PRIMARY -> Partner.valueOf(status.partner().name());
      default -> Partner.ALONE;
    };
  }

  private PairStatus.Peer peer() {
    PairLink out = leading.link();
    PairLink in = following.link();
    @Nullable PairLink link = out == null ? in : out;
    if (link == null) {
      return new PairStatus.Peer("", "", Role.STARTING, "", false, 0);
    }
    PairHello hello = link.peer().hello();
    long heardMillis =
        TimeUnit.NANOSECONDS.toMillis(Math.max(0, System.nanoTime() - link.lastHeardNanos()));
    return new PairStatus.Peer(
        hello.getServerId(),
        hello.getIncarnation(),
        out == null ? Role.PRIMARY : Role.STANDBY,
        hello.getPlayerAddress(),
        true,
        heardMillis);
  }

  private PairStatus.Replication replication(List<ReplicaStatus> logs, boolean serving) {
    List<PairStatus.Log> reported = new ArrayList<>();
    long held = 0;
    long snapshots = 0;
    long oldest = 0;
    boolean gated = false;
    long now = System.nanoTime();
    for (int i = 0; i < logs.size(); i++) {
      ReplicaStatus log = logs.get(i);
      reported.add(
          new PairStatus.Log(
              i,
              log.lastLsn(),
              log.sentLsn(),
              log.ackedLsn(),
              log.queuedEntries(),
              log.queuedBytes()));
      held += log.waiting();
      snapshots += log.snapshots();
      gated |= log.gated();
      if (log.waiting() > 0) {
        oldest = Math.max(oldest, now - log.waitingSinceNanos());
      }
    }
    Mode mode = !serving ? Mode.NONE : gated ? Mode.valueOf(settings.mode().name()) : Mode.SOLO;
    return new PairStatus.Replication(
        mode,
        reported,
        held,
        TimeUnit.NANOSECONDS.toMicros(oldest) / 1e3,
        snapshots,
        following.resyncs(),
        standby.digestMismatches());
  }
}
