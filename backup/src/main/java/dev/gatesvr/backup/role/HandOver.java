package dev.gatesvr.backup.role;

/** A planned switchover, at the primary. Not thread-safe. */
final class HandOver {
  /** How many heartbeat timeouts beyond the sync timeout the follower has to take the lead. */
  private static final int PATIENCE_TIMEOUTS = 4;

  private final RoleSettings settings;
  private final RoleStates states;
  private final RegisterDesk desk;
  private final Lead lead;
  private final Alarm alarm;
  private final Outbox out;
  private long deadlineNanos;
  private long freeze;
  private boolean flushed;
  private boolean sent;
  private boolean last;
  private long askNanos;

  HandOver(
      RoleSettings settings,
      RoleStates states,
      RegisterDesk desk,
      Lead lead,
      Alarm alarm,
      Outbox out) {
    this.settings = settings;
    this.states = states;
    this.desk = desk;
    this.lead = lead;
    this.alarm = alarm;
    this.out = out;
  }

  /** The operator's wish; refused unless everything is in the follower's hands already. */
  void wish(RoleInput wish) {
    if (states.state() != RoleState.PRIMARY) {
      out.add(new RoleEffect.Refuse(wish, "this process is " + states.state()));
    } else if (states.partner() != Partner.PAIRED || !lead.steady() || lead.gate().frozen()) {
      out.add(new RoleEffect.Refuse(wish, "the standby is not in sync: " + states.partner()));
    } else {
      begin();
    }
  }

  private void begin() {
    states.toHandingOver();
    lead.gate().freeze(true);
    freeze = lead.gate().number();
    flushed = false;
    sent = false;
    last = false;
    deadlineNanos = alarm.nowNanos() + patience();
    out.info("hands over to " + lead.follower());
  }

  /** Nothing is handed over any more. */
  void end() {
    freeze = 0;
    flushed = false;
  }

  void onFlushed(long number) {
    flushed |= number == freeze;
  }

  /** Sends the hand-over when everything is flushed, and leads on when nothing comes of it. */
  void poll(boolean fenced) {
    boolean over = alarm.due(deadlineNanos);
    if (!sent && (over || fenced || !lead.steady())) {
      resume("nothing was handed over");
    } else if (!sent && flushed) {
      sent = true;
      deadlineNanos = alarm.nowNanos() + patience();
      askNanos = alarm.nowNanos() + settings.heartbeatTimeoutNanos();
      out.add(new RoleEffect.SendHandOver(desk.known().term()));
    } else if (sent && over) {
      resumeIfLeading();
    } else if (sent && alarm.due(askNanos)) {
      askNanos = alarm.nowNanos() + settings.heartbeatTimeoutNanos();
      desk.wantRead();
    }
    if (sent && !over) {
      alarm.due(deadlineNanos);
      alarm.due(askNanos);
    }
  }

  /** Only the register knows whether the follower took the lead. */
  private void resumeIfLeading() {
    if (!last) {
      last = true;
      desk.wantRead();
    } else if (desk.silent()) {
      resume("the register is silent");
    } else if (!desk.readWanted()) {
      resume("the follower did not take the lead");
    }
  }

  private void resume(String why) {
    end();
    states.toResumed();
    out.warn("leads on: " + why);
  }

  private long patience() {
    return settings.syncTimeoutNanos() + PATIENCE_TIMEOUTS * settings.heartbeatTimeoutNanos();
  }
}
