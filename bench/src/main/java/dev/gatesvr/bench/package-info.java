/**
 * The program {@code bench}: what a gateway costs.
 *
 * <ul>
 *   <li>{@code load} puts a fixed rate of requests (open loop) or as many as it can (closed loop)
 *       on a running server and reports latency percentiles;
 *   <li>{@code baseline} has the bare Netty servers that the gateway is compared with: the same
 *       TLS, windows, socket settings and flush policy, and none of the product;
 *   <li>{@code ratio} starts both as processes, interleaves them and prints ratios, memory, replays
 *       and resumes;
 *   <li>{@code ha} does the same for a pair: what it costs, and what a failover costs players.
 * </ul>
 */
@NullMarked
package dev.gatesvr.bench;

import org.jspecify.annotations.NullMarked;
