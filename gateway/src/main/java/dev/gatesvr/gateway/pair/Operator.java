package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.role.RoleEffect;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleState;
import dev.gatesvr.backup.role.RoleStatus;
import dev.gatesvr.gateway.admin.PairView.SwitchResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What operators asked for and were not answered yet; one of each. Confined to the pair's loop. */
final class Operator {
  private static final SwitchResult BUSY =
      new SwitchResult.Refused("another command of this kind is under way");

  private final String me;
  private @Nullable CompletableFuture<SwitchResult> switchOver;
  private @Nullable CompletableFuture<SwitchResult> forceLead;
  private long frozenNanos;
  private boolean givingAway;

  Operator(String me) {
    this.me = me;
  }

  /** False when one is under way; then the stage is answered. */
  boolean switchOver(CompletableFuture<SwitchResult> outcome) {
    if (switchOver != null) {
      outcome.complete(BUSY);
      return false;
    }
    switchOver = outcome;
    givingAway = false;
    return true;
  }

  /** As {@link #switchOver}. */
  boolean forceLead(CompletableFuture<SwitchResult> outcome) {
    if (forceLead != null) {
      outcome.complete(BUSY);
      return false;
    }
    forceLead = outcome;
    return true;
  }

  void frozen(long nowNanos) {
    frozenNanos = nowNanos;
    givingAway = true;
  }

  /** The lead was not handed over after all. */
  void unfrozen() {
    if (givingAway) {
      givingAway = false;
      answerSwitch(
          new SwitchResult.Refused("the standby did not take over in time; this node leads on"));
    }
  }

  void refused(RoleEffect.Refuse refuse) {
    SwitchResult why = new SwitchResult.Refused(refuse.why());
    if (refuse.wish() instanceof RoleInput.ForceLead) {
      answerForce(why);
    } else {
      answerSwitch(why);
    }
  }

  /** After every input. */
  void settle(RoleStatus now) {
    String leader = now.leadership().leader();
    if (switchOver != null && givingAway && !leader.equals(me)) {
      double millis = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - frozenNanos) / 1e3;
      answerSwitch(new SwitchResult.Done(leader, millis));
    }
    if (forceLead != null && now.state() == RoleState.PRIMARY) {
      answerForce(new SwitchResult.Done(me, 0));
    }
  }

  private void answerSwitch(SwitchResult result) {
    CompletableFuture<SwitchResult> asked = switchOver;
    switchOver = null;
    if (asked != null) {
      asked.complete(result);
    }
  }

  private void answerForce(SwitchResult result) {
    CompletableFuture<SwitchResult> asked = forceLead;
    forceLead = null;
    if (asked != null) {
      asked.complete(result);
    }
  }
}
