/**
 * Who registered. Writers go through {@link dev.gatesvr.upstream.registry.UpstreamRegistry}, one at
 * a time; readers take a {@link dev.gatesvr.upstream.registry.ZoneTable}, which never changes.
 *
 * <p>An instance is known by its address. Registering an address again replaces what was registered
 * there, also in another zone: whatever listened there before is gone. An incarnation says which
 * process listens there now, where a service declares one.
 */
@NullMarked
package dev.gatesvr.upstream.registry;

import org.jspecify.annotations.NullMarked;
