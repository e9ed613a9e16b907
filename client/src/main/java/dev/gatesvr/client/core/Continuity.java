package dev.gatesvr.client.core;

import dev.gatesvr.proto.StartResponse;

/** What an accepted START means for the history that the client had before. */
enum Continuity {
  /** The gateway says that everything after the client's position follows. */
  KEPT,
  /** GateSvr's own wire cannot say it; the first position that follows will show it. */
  ASSUMED,
  /** Another history begins. */
  LOST;

  /**
   * @param epoch of the client's history, 0 when the gateway never named one
   * @param position what START said was handled
   */
  static Continuity of(StartResponse response, long epoch, long position) {
    if (response.getResumed() && response.getEpoch() == epoch) {
      return KEPT;
    }
    return !isExtended(response) && position > 0 ? ASSUMED : LOST;
  }

  /** True when the gateway speaks more than GateSvr's wire. */
  static boolean isExtended(StartResponse response) {
    return response.getResumed() || response.getEpoch() != 0 || response.getNextClientSeqId() != 0;
  }
}
