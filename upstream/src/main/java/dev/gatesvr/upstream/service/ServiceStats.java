package dev.gatesvr.upstream.service;

/**
 * Counters of a running service.
 *
 * @param uptimeSeconds since it started
 * @param connections open to it now, from all gateways and loops
 * @param running requests running or waiting for an earlier one of their session
 * @param handled requests answered by a handler since the start
 * @param refused requests that were turned away, none of which ran
 * @param repeated requests that got the answer of an earlier copy of them
 * @param outcomeUnknown repeated requests that may have run, the answer of which is not known here
 * @param fenced calls of a gateway that another one of its pair had deposed; none was answered
 */
public record ServiceStats(
    long uptimeSeconds,
    int connections,
    int running,
    long handled,
    long refused,
    long repeated,
    long outcomeUnknown,
    long fenced) {}
