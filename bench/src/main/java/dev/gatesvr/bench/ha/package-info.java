/**
 * {@code bench ha}: what the pair costs and what a change of the lead costs players, with gateways
 * and witnesses as real processes and real signals.
 *
 * <ul>
 *   <li>{@code failover}: from the signal to the first push that the new primary acknowledged, and
 *       the longest silence of players;
 *   <li>{@code switchover}: the longest wait for an answer around a planned one;
 *   <li>{@code price}: CPU and latency with replication off, async, semi and sync;
 *   <li>{@code memory}: heap of a session at the primary and at the standby.
 * </ul>
 *
 * <p>The zone that pushes and answers, and all players, live in the process of the bench; so one
 * clock times everything. Numbers in the pushes show what was lost, repeated or out of order.
 */
@NullMarked
package dev.gatesvr.bench.ha;

import org.jspecify.annotations.NullMarked;
