package dev.gatesvr.gateway.shard;

import dev.gatesvr.gateway.lifecycle.SessionObservers;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.offline.OfflineStore;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.session.SessionLimits;

/**
 * What every shard of a gateway shares.
 *
 * @param upstreamTimeoutNanos deadline of one upstream call
 * @param heartbeatSeconds what START answers suggest to clients, give or take a tenth
 * @param budget what all sessions together may keep for replay
 * @param tokens makes the proofs that sessions are resumed with
 * @param tokenRefreshNanos age of a proof from which the next heartbeat brings a new one
 * @param offline what waits for players without a session
 * @param lead whether this gateway serves, and in which term
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
    TokenSealer tokens,
    long tokenRefreshNanos,
    OfflineStore offline,
    SessionObservers observers,
    LeadSource lead) {}
