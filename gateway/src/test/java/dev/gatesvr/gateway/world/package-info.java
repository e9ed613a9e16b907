/**
 * The whole of a gateway's cores in one thread: real {@link dev.gatesvr.session.Session}s and
 * {@link dev.gatesvr.session.StartRules} behind a few lines of edge, real {@link
 * dev.gatesvr.client.core.ClientCore}s on devices, an upstream, and connections that break between
 * any two bytes. Everything follows from one seed; invariants 3 to 9 and 12 to 15 of HA.md are
 * checked as things happen, and once more at rest.
 */
@NullMarked
package dev.gatesvr.gateway.world;

import org.jspecify.annotations.NullMarked;
