/**
 * The pure core of the player's SDK: what to send, what to hand to the application, when to come
 * back. {@link dev.gatesvr.client.core.ClientCore} is the state machine; each of its parts holds
 * one concern:
 *
 * <ul>
 *   <li>{@link dev.gatesvr.client.core.StartExchange}: resume tokens and logins;
 *   <li>{@link dev.gatesvr.client.core.ClientSession}: what flows while a connection is attached,
 *       made of
 *       <ul>
 *         <li>{@link dev.gatesvr.client.core.RequestWindow}: numbering, go-back-N, deadlines;
 *         <li>{@link dev.gatesvr.client.core.InboundHistory}: duplicates, gaps, holes, cumulative
 *             acknowledgement;
 *         <li>{@link dev.gatesvr.client.core.Downlink} and {@link dev.gatesvr.client.core.Uplink}:
 *             what arrives and what leaves on the current connection;
 *         <li>{@link dev.gatesvr.client.core.Feed}: the bounded way to the application;
 *         <li>{@link dev.gatesvr.client.core.HeartbeatClock}: heartbeats, round-trip time, dead
 *             peers;
 *       </ul>
 *   <li>{@link dev.gatesvr.client.core.WarmLink}: the second connection, to the standby of a pair;
 *   <li>{@link dev.gatesvr.client.core.Comeback}: when and where to connect next, out of {@link
 *       dev.gatesvr.client.core.Backoff} and {@link dev.gatesvr.client.core.Route}.
 * </ul>
 *
 * <p>Nothing here knows a clock, thread, socket or random number: time is an argument, jitter comes
 * from a source given at construction, and effects go through {@link
 * dev.gatesvr.client.core.ClientOutput}. Not thread-safe: a client is confined to one loop.
 */
@NullMarked
package dev.gatesvr.client.core;

import org.jspecify.annotations.NullMarked;
