package dev.gatesvr.chaos;

/**
 * What a world is made of.
 *
 * @param players of them
 * @param pushRate pushes per second from each of two producers to each player
 * @param requestMillis between two requests of a player
 * @param pair false: two gateways that know nothing of one another, to test the harness itself
 * @param strict {@code backup.strict}
 * @param replication {@code backup.replication}
 * @param seed decides what relays drop
 */
record Plan(
    int players,
    int pushRate,
    int requestMillis,
    boolean pair,
    boolean strict,
    String replication,
    long seed) {

  /** Thirty players, twenty pushes and four requests a second each. */
  static Plan of(long seed) {
    return new Plan(30, 10, 250, true, false, "sync", seed);
  }

  Plan asStrict() {
    return new Plan(players, pushRate, requestMillis, pair, true, replication, seed);
  }

  Plan withoutPair() {
    return new Plan(players, pushRate, requestMillis, false, strict, replication, seed);
  }
}
