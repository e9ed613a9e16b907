/**
 * When the gateway says no: connections, requests per second over a sliding window, and upstream
 * calls in flight, each with a threshold that warns before it refuses.
 *
 * <p>Heartbeats and acknowledgements are never refused. A refusal carries 503 and says how long to
 * wait; it consumes no sequence.
 */
@NullMarked
package dev.gatesvr.gateway.overload;

import org.jspecify.annotations.NullMarked;
