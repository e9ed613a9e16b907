/**
 * The event loops that carry every connection: how many, of which kind, named {@code io-0}, {@code
 * io-1} and so on.
 *
 * <p>A process opens one {@link dev.gatesvr.transport.loop.IoLoops} and hands it to its listeners,
 * its connectors and whatever else wants to live next to the connections, such as session shards
 * and gRPC channels.
 */
@NullMarked
package dev.gatesvr.transport.loop;

import org.jspecify.annotations.NullMarked;
