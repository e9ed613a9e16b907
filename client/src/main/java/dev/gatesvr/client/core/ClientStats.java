package dev.gatesvr.client.core;

/**
 * What one client has done and what it is at, at one moment.
 *
 * @param rttNanos smoothed round-trip time of heartbeats, 0 before the first answer
 * @param attaches sessions started or resumed
 * @param requestsSent BUSINESS frames sent, copies included
 * @param requestsOutstanding requests sent and not answered
 * @param requestsWaiting requests that wait behind them
 * @param pushesReceived messages with a position, each counted once
 * @param duplicatesDropped messages that had been received before
 * @param positionsMissed positions that the gateway declared missing
 * @param acksSent acknowledgement frames
 * @param acksCarried acknowledgements that left on a request or a heartbeat
 * @param ackedSeq newest position acknowledged to the gateway
 * @param inboundWaiting handed to the application and not handled
 * @param failovers how often the session went on at another gateway of its pair
 * @param warmConnections second connections that came to wait at a standby, ever
 * @param notPrimary STARTs that a standby refused on an ordinary connection
 */
public record ClientStats(
    ClientState state,
    long rttNanos,
    long attaches,
    long requestsSent,
    int requestsOutstanding,
    int requestsWaiting,
    long pushesReceived,
    long duplicatesDropped,
    long positionsMissed,
    long acksSent,
    long acksCarried,
    long ackedSeq,
    int inboundWaiting,
    long failovers,
    long warmConnections,
    long notPrimary) {}
