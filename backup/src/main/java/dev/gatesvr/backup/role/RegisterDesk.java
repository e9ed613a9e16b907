package dev.gatesvr.backup.role;

import dev.gatesvr.backup.register.Leadership;

/**
 * What is known of the register, and the one question that is under way. Not thread-safe.
 *
 * <p>A change whose outcome is unknown may still happen later, even after a read that does not show
 * it: only a later version rules it out. So {@link #known()} is read first ({@link #mustRead()}),
 * and until a later version stands the desk is {@link #unsettled()}.
 */
final class RegisterDesk {
  private enum Asked {
    NOTHING,
    READ,
    CHANGE
  }

  private final Outbox out;
  private final Alarm alarm;
  private final long backoffNanos;
  private Asked asked = Asked.NOTHING;
  private Leadership known = Leadership.NONE;
  private Leadership standing = Leadership.NONE;
  private Leadership expected = Leadership.NONE;
  private boolean answered;
  private boolean silent;
  private boolean mustRead;
  private boolean readWanted;
  private boolean loose;
  private long looseVersion;
  private long quietUntilNanos;
  private long answeredAtNanos;

  RegisterDesk(Outbox out, Alarm alarm, long backoffNanos) {
    this.out = out;
    this.alarm = alarm;
    this.backoffNanos = backoffNanos;
    answeredAtNanos = alarm.nowNanos();
  }

  /** The newest value that is known to stand, from the register or from the other. */
  Leadership known() {
    return known;
  }

  /** The last value heard from anywhere: what a change expects. */
  Leadership standing() {
    return standing;
  }

  /** The register answered at least once. */
  boolean answered() {
    return answered;
  }

  /** The last question was not answered. */
  boolean silent() {
    return silent;
  }

  /** A change is unknown: nothing may be changed before the register was read. */
  boolean mustRead() {
    return mustRead;
  }

  /** A read was asked for and not answered yet. */
  boolean readWanted() {
    return readWanted || asked == Asked.READ;
  }

  /** A question is under way. */
  boolean asking() {
    return asked != Asked.NOTHING;
  }

  /** An unknown change may still happen, or the register holds less than is known. */
  boolean unsettled() {
    return loose || Successors.newer(known, standing);
  }

  long answeredAtNanos() {
    return answeredAtNanos;
  }

  /** A question may be asked now; when only the time forbids it, the alarm rings. */
  boolean free() {
    return asked == Asked.NOTHING && (!silent || alarm.due(quietUntilNanos));
  }

  /** A change may be asked for now. */
  boolean mayChange() {
    return !mustRead && free();
  }

  void wantRead() {
    readWanted = true;
  }

  /** Asks for what was wanted and could not be asked at the time. */
  void askWanted() {
    if ((readWanted || mustRead) && free()) {
      askRead();
    }
  }

  void askRead() {
    begin(Asked.READ);
    readWanted = false;
    out.add(new RoleEffect.ReadRegister());
  }

  void askChange(Leadership wanted) {
    if (mustRead) {
      throw new IllegalStateException("a change before the outcome of the last is known");
    }
    begin(Asked.CHANGE);
    expected = standing;
    out.add(new RoleEffect.Change(standing, wanted));
  }

  void onRead(Leadership value) {
    end(Asked.READ);
    mustRead = false;
    hear(value);
  }

  void onSilent() {
    end(Asked.READ);
    silent = true;
    readWanted = true;
    quietUntilNanos = alarm.nowNanos() + backoffNanos;
  }

  void onChanged(Leadership value) {
    end(Asked.CHANGE);
    hear(value);
  }

  void onUnknown() {
    end(Asked.CHANGE);
    mustRead = true;
    silent = false;
    looseVersion = loose ? Math.max(looseVersion, expected.version()) : expected.version();
    loose = true;
  }

  /** The other says that this stands. */
  void learn(Leadership value) {
    if (Successors.newer(value, known)) {
      known = value;
      standing = value;
      settle();
    }
  }

  private void hear(Leadership value) {
    answered = true;
    silent = false;
    answeredAtNanos = alarm.nowNanos();
    standing = value;
    if (Successors.newer(value, known)) {
      known = value;
    }
    settle();
  }

  private void settle() {
    if (standing.version() > looseVersion) {
      loose = false;
    }
  }

  private void begin(Asked question) {
    if (asked != Asked.NOTHING) {
      throw new IllegalStateException(asked + " → " + question);
    }
    asked = question;
  }

  private void end(Asked question) {
    if (asked != question) {
      throw new IllegalStateException("an answer to " + question + " (expected: to " + asked + ")");
    }
    asked = Asked.NOTHING;
  }
}
