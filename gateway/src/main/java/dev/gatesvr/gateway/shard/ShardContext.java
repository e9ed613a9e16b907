package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.session.SessionLimits;

/**
 * What every shard of a gateway shares.
 *
 * @param upstreamTimeoutNanos deadline of one upstream call
 * @param heartbeatSeconds what a START answer suggests to the client
 * @param budget what all sessions together may keep for replay
 * @param tokens makes the proofs that sessions are resumed with
 */
public record ShardContext(
    SessionDirectory directory,
    SessionLimits limits,
    OverloadGuard guard,
    GatewayMetrics metrics,
    Troubles troubles,
    long upstreamTimeoutNanos,
    int heartbeatSeconds,
    ReplayBudget budget,
    TokenSealer tokens) {}
