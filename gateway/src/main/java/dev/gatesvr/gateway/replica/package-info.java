/**
 * Every session in two machines: the shard's side that writes the log, and the standby's side that
 * reads it.
 *
 * <h2>One input, one entry</h2>
 *
 * What one input does to one session (a frame, a push, an answer, a deadline) is written down by
 * the shard's {@link dev.gatesvr.session.Recorder} and becomes one entry of the shard's {@link
 * dev.gatesvr.backup.log.ReplicationLog}. The standby repeats whole entries, so that what it has is
 * always what the primary had after some input.
 *
 * <h2>What waits</h2>
 *
 * {@link dev.gatesvr.gateway.replica.ShardReplica} holds back what leaves until the entry of the
 * input that caused it is secured on the standby:
 *
 * <pre>
 *                                         async   semi   sync   solo
 *  answer to an upstream's push             -       x      x      -
 *  delivery, answer to START, request,
 *  kick, end of a session                   -       -      x      -
 * </pre>
 *
 * A delivery waits inside the ring ({@code Session.onReplicated} lets it go); everything else waits
 * in one queue per shard, in the order of the log.
 *
 * <h2>A follower</h2>
 *
 * <pre>
 *  (nobody) -- follow --&gt; snapshot -- secured --&gt; outputs wait for it -- all there: caught up
 *     ^     (position known: no snapshot)             |
 *     +------ unfollow: what waits goes on waiting ---+
 *     +------ open (the register said solo): what waits leaves
 * </pre>
 *
 * The snapshot is part of the log: one entry per session, with live entries between them. An entry
 * of a session that the standby has not got yet is covered by the whole session that follows.
 *
 * <p>{@link dev.gatesvr.gateway.replica.StandbySessions} is the other side, confined to the pair's
 * loop; a promotion takes the sessions out of it.
 */
@NullMarked
package dev.gatesvr.gateway.replica;

import org.jspecify.annotations.NullMarked;
