/**
 * From a new connection to an attached session: the first message, authentication, binding.
 *
 * <pre>
 *   FIRST_MESSAGE --START--&gt; AUTHENTICATING --accepted--&gt; BINDING --attached--&gt; ATTACHED
 *        |                        |                          |                     |
 *        +------------------------+------- refused, bad bytes, too late ----------+--&gt; CLOSING
 * </pre>
 */
@NullMarked
package dev.gatesvr.gateway.front;

import org.jspecify.annotations.NullMarked;
