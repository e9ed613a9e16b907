package dev.gatesvr.backup.register;

/** Told what an arbiter sees without being asked. */
public interface ArbiterObserver {
  /** How the witnesses see a gateway's process; told on every change. */
  void onEvidence(Evidence evidence);

  /** A newer value of the register was seen. */
  void onLeadership(Leadership newer);
}
