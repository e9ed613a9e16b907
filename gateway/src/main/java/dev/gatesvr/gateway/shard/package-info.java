/**
 * Sessions on single-writer shards, one shard per I/O loop.
 *
 * <p>A {@link dev.gatesvr.gateway.shard.SessionShard} owns the sessions that were created on its
 * loop: it alone touches them, without locks, with its own timers. The {@link
 * dev.gatesvr.gateway.shard.SessionDirectory} says which shard has which player. A connection that
 * arrives on the loop of its session's shard is called directly ({@code LocalLink}); one that
 * arrives on another loop, which only a reconnect can do, is reached by one hop each way ({@code
 * RemoteLink}), with credits so that nothing queues without bound.
 */
@NullMarked
package dev.gatesvr.gateway.shard;

import org.jspecify.annotations.NullMarked;
