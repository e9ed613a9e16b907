/**
 * The replication log: what happened to the sessions of one shard, from the primary to its standby.
 * Pure.
 *
 * <h2>Three cursors</h2>
 *
 * <pre>
 *  entries:   … 41 42 43 44 45 46 47 48 49
 *                   ^        ^           ^
 *             ackedLsn     sentLsn     lastLsn
 *                   |--window--|
 * </pre>
 *
 * {@link dev.gatesvr.backup.log.ReplicationLog} is shaped like the session's replay ring: it is the
 * send queue and the replay buffer in one. Credits stop {@code sentLsn}, a follower that comes back
 * rewinds it, an acknowledgement moves {@code ackedLsn} and trims.
 *
 * <h2>Life with a follower</h2>
 *
 * <ol>
 *   <li>A follower says how far it is. {@code canResumeAfter} says whether the tail is still kept:
 *       {@code resumeAfter}, and the log goes on from there.
 *   <li>Otherwise {@code restart} forgets what is kept, the caller appends a SnapshotBegin, the
 *       sessions one by one with live entries between them, and {@code endSnapshot}.
 *   <li>{@link dev.gatesvr.backup.log.FollowerLog} tells the follower for every batch whether to
 *       apply it, from which entry on, or that something is missing. It then asks for a resync,
 *       once, and ignores the log until a snapshot begins. Until that ended, it may not lead.
 * </ol>
 *
 * <h2>What may leave the process</h2>
 *
 * An output that came with entry {@code n} may leave in sync mode when {@code securedLsn >= n}: the
 * follower holds the effects of everything up to it. That is not {@code ackedLsn}: an
 * acknowledgement in the middle of a snapshot secures nothing, for half a snapshot is no state.
 *
 * <p>A log that restarts leaves one number out. A follower that is not given a snapshot then finds
 * a hole, and a position from before the restart can never be resumed.
 */
@NullMarked
package dev.gatesvr.backup.log;

import org.jspecify.annotations.NullMarked;
