package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.auth.resume.ResumeTokens;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.session.SessionLimits;

/**
 * What every shard of a gateway shares.
 *
 * @param tokens makes what a START answer hands out; every gateway that shares its keys reads them
 * @param upstreamTimeoutNanos deadline of one upstream call
 * @param heartbeatSeconds what a START answer suggests to the client
 */
public record ShardContext(
    SessionDirectory directory,
    ResumeTokens tokens,
    SessionLimits limits,
    OverloadGuard guard,
    GatewayMetrics metrics,
    Troubles troubles,
    long upstreamTimeoutNanos,
    int heartbeatSeconds) {}
