package dev.gatesvr.cmd.gatectl;

import dev.gatesvr.gateway.admin.PairStatus;
import dev.gatesvr.gateway.admin.PairStatus.Partner;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import dev.gatesvr.gateway.admin.PairView;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Node gw-a of a pair: takes commands, and is what it was asked to be some looks later. */
final class SettablePair implements PairView {
  volatile SwitchResult result = new SwitchResult.Done("gw-b#2", 8.2);
  volatile int looksUntilOver = 3;
  private volatile PairStatus status = of(Role.PRIMARY, "gw-a#1", 4);
  private volatile int looks;
  private volatile PairStatus next = status;

  void be(Role role, String leader, long term) {
    status = of(role, leader, term);
    next = status;
  }

  void be(PairStatus other) {
    status = other;
    next = other;
  }

  private static PairStatus of(Role role, String leader, long term) {
    return new PairStatus(
        true,
        role,
        role == Role.PRIMARY ? Partner.PAIRED : Partner.ALONE,
        "gw-a",
        "gw-a#1",
        "gatesvr",
        new PairStatus.Register(9, term, leader, List.of("gw-a#1", "gw-b#2")),
        new PairStatus.Peer("gw-b", "gw-b#2", Role.STANDBY, "192.0.2.2:8453", true, 12),
        new PairStatus.Arbiter("witness", 3, 2),
        new PairStatus.Replication(
            PairStatus.Mode.SYNC,
            List.of(new PairStatus.Log(0, 10_234, 10_233, 10_230, 4, 1_234)),
            3,
            0.4,
            1,
            0,
            0),
        new PairStatus.Sessions(17, 0),
        new PairStatus.History(1, 2, 41.5, 1_700_000_000_000L, "in sync\u001b[31m"));
  }

  @Override
  public synchronized PairStatus status() {
    if (!next.equals(status) && ++looks >= looksUntilOver) {
      status = next;
    }
    return status;
  }

  @Override
  public CompletionStage<SwitchResult> switchOver() {
    return command(of(Role.STANDBY, "gw-b#2", 5));
  }

  @Override
  public CompletionStage<SwitchResult> forceLead() {
    return command(of(Role.PRIMARY, "gw-a#1", 6));
  }

  private CompletionStage<SwitchResult> command(PairStatus after) {
    if (!(result instanceof SwitchResult.Refused)) {
      looks = 0;
      next = after;
    }
    return CompletableFuture.completedStage(result);
  }
}
