/**
 * Pushes for players without a session, kept for a time in the memory of one gateway.
 *
 * <p>A message is either in the store or in a session's ring, never in both, and it moves only on
 * the loop of the session that takes it. Nothing is lost or reordered between the two because both
 * sides look twice:
 *
 * <pre>
 *   push:  directory says none → add to the store → look again → a session now? it takes what is stored
 *   login: enter the directory → take what is stored → answer START → send
 * </pre>
 *
 * <p>Whichever comes second sees the other. What a session cannot take goes back to the front, and
 * as long as something of its player is stored the session takes no push that came later.
 *
 * <p>At a bound: older droppable messages of the same player give way, else the push is refused.
 * What was accepted as reliable leaves only to a session, or by its age. The player gets no gap for
 * what was dropped or has expired: it never had a position.
 */
@NullMarked
package dev.gatesvr.gateway.offline;

import org.jspecify.annotations.NullMarked;
