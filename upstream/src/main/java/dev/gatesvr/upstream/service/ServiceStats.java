package dev.gatesvr.upstream.service;

/**
 * Counters of a running service.
 *
 * @param uptimeSeconds since it started
 * @param connections open to it now, from all gateways and loops
 * @param running requests running or waiting for an earlier one of their session
 * @param handled requests answered by a handler since the start
 * @param refused requests that were turned away, none of which ran
 */
public record ServiceStats(
    long uptimeSeconds, int connections, int running, long handled, long refused) {}
