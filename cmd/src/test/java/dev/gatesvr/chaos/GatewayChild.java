package dev.gatesvr.chaos;

import dev.gatesvr.cmd.gatesvr.GatesvrMain;

/** The program {@code gatesvr}, which ends when its parent is gone. */
public final class GatewayChild {
  private GatewayChild() {}

  public static void main(String[] args) {
    Orphan.watch(command -> {});
    GatesvrMain.main(args);
  }
}
