package dev.gatesvr.backup.role;

/** What the primary's outputs wait for; says so only when it changes. Not thread-safe. */
final class OutputGate {
  private enum Gate {
    HELD,
    ADMITTING,
    AWAITING,
    OPEN
  }

  private final Outbox out;
  private final boolean strict;
  private Gate gate = Gate.HELD;
  private boolean frozen;
  private long numbers;

  OutputGate(Outbox out, boolean strict) {
    this.out = out;
    this.strict = strict;
  }

  /** Serving begins: outputs wait for nobody, or with strict for everything. */
  void begin() {
    gate = strict ? Gate.HELD : Gate.OPEN;
  }

  /** Says once more what outputs wait for; an admission goes on. */
  void say(String follower) {
    out.add(
        switch (gate) {
          case HELD -> new RoleEffect.HoldOutputs();
          case ADMITTING, AWAITING -> new RoleEffect.AwaitFollower(follower);
          case OPEN -> new RoleEffect.ReleaseOutputs();
        });
  }

  /** Serving ends. */
  void end() {
    gate = Gate.HELD;
    frozen = false;
  }

  /** The register names the primary alone, surely. */
  void alone() {
    Gate next = strict ? Gate.HELD : Gate.OPEN;
    if (gate != next) {
      gate = next;
      say("");
    }
  }

  /** A follower is taken in. */
  long admit(String follower) {
    gate = strict ? Gate.HELD : Gate.ADMITTING;
    numbers++;
    out.add(new RoleEffect.Admit(follower, numbers));
    return numbers;
  }

  /** The register names both. */
  void paired(String follower) {
    if (gate != Gate.AWAITING) {
      gate = Gate.AWAITING;
      say(follower);
    }
  }

  /** Takes nothing new, or everything again. */
  void freeze(boolean wanted) {
    if (frozen == wanted) {
      return;
    }
    frozen = wanted;
    if (wanted) {
      numbers++;
      out.add(new RoleEffect.Freeze(numbers));
    } else {
      out.add(new RoleEffect.Unfreeze());
    }
  }

  boolean frozen() {
    return frozen;
  }

  /** The number of the last freeze or admission. */
  long number() {
    return numbers;
  }
}
