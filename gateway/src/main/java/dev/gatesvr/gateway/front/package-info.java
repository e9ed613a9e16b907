/**
 * From a new connection to an attached session: the first message, authentication or resume token,
 * binding.
 *
 * <pre>
 *   FIRST_MESSAGE --START--&gt; AUTHENTICATING --accepted--&gt; BINDING --attached--&gt; ATTACHED
 *     |      \                  ^                            ^   |                  |
 *     |       +-- START with a resume token that opens ------+   |                  |
 *     |        \                |                                |                  |
 *     |         \        START without token                    |                  |
 *     |          v              |                                |                  |
 *     |        RESUME_REFUSED --+  &lt;---- its session says no ----+                  |
 *     |              |                                                              |
 *     +--------------+------ refused, bad bytes, too late, 3 STARTs -----------------+--&gt; CLOSING
 * </pre>
 *
 * <p>A refused resume costs a client one START of three, not its connection; the deadline of the
 * first message runs on. Whatever it sent between that START and the next is dropped.
 */
@NullMarked
package dev.gatesvr.gateway.front;

import org.jspecify.annotations.NullMarked;
