/**
 * The connection between the two gateways of a pair: TCP, with TLS 1.3 and certificates on both
 * sides, or in the clear on a declared private network.
 *
 * <h2>Frames</h2>
 *
 * <pre>
 *  0               4
 *  +---------------+---------------+
 *  | length u32 BE |   PairFrame   |   length 1 to frameBytesMax; of the first frame 1 to 16 KiB
 *  +---------------+---------------+
 * </pre>
 *
 * {@code pair.proto} says what the frames mean.
 *
 * <h2>Life of a link</h2>
 *
 * <pre>
 *   LinkDialler (follower)                          LinkServer (source)
 *      | -- TCP, TLS with both certificates ------------> |
 *      | -- PairHello ----------------------------------> |  checks, onUp
 *      | <----------------------------------- PairHello --|
 *      |  checks, onUp                                    |
 *      | <== beats every interval, and what is sent ====> |
 *      | -- PairRefusal "shutting down" ----------------> |  onDown CLOSED
 * </pre>
 *
 * <ol>
 *   <li>The hello must come within two seconds. Both check: the same pair, another node, a version
 *       in common. The newest common version holds. Who does not accept says why in a PairRefusal.
 *   <li>Beats go out by themselves; the newest one is asked for each time.
 *   <li>{@code send} takes nothing while the write buffer is above its bound: the sender keeps it
 *       and goes on at {@code onWritable}. Beats are not held back by that.
 *   <li>A link on which nothing comes ends after a while, so that the dialler makes another.
 *       Whether the other is dead is the role machine's question; it is answered earlier.
 *   <li>A newer connection of the same node replaces the link.
 * </ol>
 *
 * <h2>How it ended</h2>
 *
 * {@link dev.gatesvr.backup.link.LinkEnd} says what the end tells about the other's process. A
 * process that is killed says no goodbye, and its kernel closes the socket: RESET. Silence and
 * errors of the network are TIMEOUT, never RESET. After a link that had lasted, the dialler tries
 * again at once: REFUSED then means that no process listens.
 *
 * <h2>Hostile input</h2>
 *
 * A connection without a hello holds one frame of 16 KiB at most, and there are 32 of them at most.
 * A wrong length, something that is no frame, a hello that does not come, a second one: the
 * connection is closed and one line a second at most is logged; the link is not touched.
 *
 * <h2>Threads</h2>
 *
 * One event loop, given by the caller, does the I/O and calls the handlers. Only looking up a name
 * has a thread of its own.
 */
@NullMarked
package dev.gatesvr.backup.link;

import org.jspecify.annotations.NullMarked;
