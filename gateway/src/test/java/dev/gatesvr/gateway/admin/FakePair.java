package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.PairStatus.Partner;
import dev.gatesvr.gateway.admin.PairStatus.Role;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** A pair with settable state that answers commands as told. */
final class FakePair implements PairView {
  final AtomicInteger switches = new AtomicInteger();
  final AtomicInteger forced = new AtomicInteger();
  volatile PairStatus status = primary(Partner.PAIRED);
  volatile CompletionStage<SwitchResult> result =
      CompletableFuture.completedStage(new SwitchResult.Done("gw-b#2", 8.25));

  static PairStatus primary(Partner partner) {
    return status(Role.PRIMARY, partner, "gw-a#1");
  }

  static PairStatus standby() {
    return status(Role.STANDBY, Partner.ALONE, "gw-b#2");
  }

  static PairStatus status(Role role, Partner partner, String leader) {
    return new PairStatus(
        true,
        role,
        partner,
        "gw-a",
        "gw-a#1",
        "gatesvr",
        new PairStatus.Register(9, 4, leader, List.of("gw-a#1", "gw-b#2")),
        new PairStatus.Peer("gw-b", "gw-b#2", Role.STANDBY, "192.0.2.2:8453", true, 12),
        new PairStatus.Arbiter("witness", 3, 2),
        new PairStatus.Replication(
            PairStatus.Mode.SYNC,
            List.of(
                new PairStatus.Log(0, 100, 100, 96, 4, 1_234),
                new PairStatus.Log(1, 7, 7, 6, 1, 100)),
            3,
            0.4,
            6,
            7,
            8),
        new PairStatus.Sessions(17, 0),
        new PairStatus.History(1, 2, 41.5, 1_700_000_000_000L, "the standby is in sync"));
  }

  @Override
  public PairStatus status() {
    return status;
  }

  @Override
  public CompletionStage<SwitchResult> switchOver() {
    switches.incrementAndGet();
    return result;
  }

  @Override
  public CompletionStage<SwitchResult> forceLead() {
    forced.incrementAndGet();
    return result;
  }
}
