package dev.gatesvr.gateway.cuts;

/** How a player loses its connection. */
enum Cut {
  /** The client forgets it at once; the gateway finds out when the client is back. */
  FORGOTTEN(35),
  /** The gateway is told at once; what the client still sends vanishes until it finds out too. */
  GATEWAY_FIRST(15),
  /** Nothing passes any more in either direction; the client finds out later. */
  BLACK_HOLE(15),
  /** The gateway sends the player away and closes. */
  SENT_AWAY(13),
  /** The application suspends, and resumes a while later. */
  SUSPENDED(12),
  /** The same, and meanwhile more is pushed than a session holds. */
  SUSPENDED_FULL(10),
  /** The network under it fails, for this and other players, until heartbeats are missed. */
  DARK(0),
  /** Nobody did it on purpose. */
  OTHER(0);

  /** Out of a hundred. */
  final int weight;

  Cut(int weight) {
    this.weight = weight;
  }

  static Cut drawn(int percent) {
    int left = percent;
    for (Cut cut : values()) {
      left -= cut.weight;
      if (left < 0) {
        return cut;
      }
    }
    throw new IllegalArgumentException("percent: " + percent + " (expected: 0 to 99)");
  }
}
