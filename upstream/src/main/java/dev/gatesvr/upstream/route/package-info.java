/**
 * Where a request goes: OpenID → {@link dev.gatesvr.upstream.route.ZoneId zone} by {@link
 * dev.gatesvr.upstream.route.ZoneRouter}, zone → {@link dev.gatesvr.upstream.route.UpstreamInstance
 * instance} by an {@link dev.gatesvr.upstream.route.InstanceChoice}.
 *
 * <p>Pure: no thread, clock, socket, random or logger.
 */
@NullMarked
package dev.gatesvr.upstream.route;

import org.jspecify.annotations.NullMarked;
