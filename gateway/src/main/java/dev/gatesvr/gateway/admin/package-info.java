/**
 * What operators see: JSON over HTTP, and profiling.
 *
 * <p>{@link dev.gatesvr.gateway.admin.GatewayView} is everything these pages know of the gateway:
 * counters that any thread may read, and a page of sessions that is gathered shard by shard in
 * small slices, so that asking never stalls a loop. {@link dev.gatesvr.gateway.admin.SessionAdmin}
 * is what they do to single sessions; what changes something is guarded by {@code AdminAccess}.
 */
@NullMarked
package dev.gatesvr.gateway.admin;

import org.jspecify.annotations.NullMarked;
