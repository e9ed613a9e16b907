/**
 * What happens to sessions, told to code that is composed into the gateway: presence, audit, load.
 *
 * <pre>
 *   login                    created · attached
 *   connection lost          detached
 *   resumed                  (detached, when the old connection was still open) · attached · resumed
 *   newer login elsewhere    takenOver · (detached) · ended REPLACED; then created · attached of the new one
 *   nobody came back         expired · ended EXPIRED
 *   the client stopped       detached · ended STOPPED
 *   an operator kicked       (detached) · ended KICKED
 *   the gateway stops        detached; sessions end with the process, and nobody is told
 * </pre>
 *
 * <p>A session is created once and ended at most once; between the two, attached and detached take
 * turns. The callbacks of one session come one at a time and in order, on its shard's loop. Those
 * of a player's next session may come on another loop.
 */
@NullMarked
package dev.gatesvr.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
