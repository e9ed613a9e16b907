/**
 * The pure session core: what one player is owed and what it has done, independent of connections.
 *
 * <h2>One ring, three cursors</h2>
 *
 * Everything the player must receive in order gets the next {@code seq_id} and goes into the {@link
 * dev.gatesvr.session.ReplayRing}, which is the send queue and the replay buffer at once:
 *
 * <pre>
 *   ackedSeq  ≤  sentSeq  ≤  lastSeq
 *   trimmed   |  kept for  |  not yet
 *             |  replay    |  sent
 * </pre>
 *
 * Back-pressure stops {@code sentSeq}, a resume rewinds it, an acknowledgement moves {@code
 * ackedSeq} and trims.
 *
 * <p>Its bounds are messages, bytes and age of one session, and bytes of all. At a bound the policy
 * of the messages decides ({@link dev.gatesvr.session.Room}): the oldest one that was declared
 * droppable gives way, also a state that a newer one of the same key followed; when nothing may,
 * the push is refused. What gave way stands as a gap in its place, and the client is told of it in
 * its turn.
 *
 * <h2>Requests</h2>
 *
 * BUSINESS requests carry a contiguous client sequence. One request of a session runs at a time, so
 * that they stay in order at the upstream; accepted ones wait in a bounded queue. The answer, the
 * pushes bound BEFORE it and those bound AFTER it enter the ring in one step. Room for the answers
 * of accepted requests is reserved in the ring, so that an answer never finds it full.
 *
 * <p>A request refused before it ran consumes no sequence. A client of {@code protocol_level} 1
 * sends it again before anything after it; one of level 0, GateSvr's, may also go on after it. A
 * repeated request joins the copy that runs or whose answer is still kept. One that waited too long
 * for its turn is answered with an error, and the pushes bound to it go with that answer.
 *
 * <h2>Who may attach</h2>
 *
 * {@link dev.gatesvr.session.StartRules} decides what a START becomes, {@link
 * dev.gatesvr.session.AttachNumbers} which resume tokens are good. A login takes over: the old
 * session is kicked, and nothing follows on its connection.
 *
 * <h2>States</h2>
 *
 * <pre>
 *              attach       stop or newer login; session_timeout while DETACHED
 *  DETACHED  ----------&gt;  ATTACHED  ------------------------------------------&gt;  ENDED
 *      ^                     |
 *      +---------------------+
 *        detach: connection lost, closed as dead or slow, or replaced by its own newer one
 * </pre>
 *
 * Nothing here knows a clock, thread, socket or random number: time is an argument, and effects go
 * through {@link dev.gatesvr.session.SessionOutput}.
 */
@NullMarked
package dev.gatesvr.session;

import org.jspecify.annotations.NullMarked;
