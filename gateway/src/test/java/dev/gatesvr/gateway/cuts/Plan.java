package dev.gatesvr.gateway.cuts;

import java.time.Duration;

/**
 * How large a run is.
 *
 * @param players devices that stay to the end
 * @param rivals how many of them get a second device, afterwards
 * @param cuts connections to be lost on purpose
 * @param awayMax players without a connection at once, above which no further one is cut
 * @param relays networks; a player lives in one of them
 * @param cutsPerDark losses after which a network goes dark
 * @param beat how often a client's heartbeat leaves; two without an answer end a connection
 * @param dark for how long; longer than three heartbeats
 * @param cutsPerRebind losses after which a network moves its players to other ports
 * @param pauseMillis longest pause between two messages of one producer
 * @param patience for everything to come to rest
 */
record Plan(
    int players,
    int rivals,
    int cuts,
    int awayMax,
    int relays,
    int cutsPerDark,
    Duration beat,
    Duration dark,
    int cutsPerRebind,
    int pauseMillis,
    Duration patience) {}
