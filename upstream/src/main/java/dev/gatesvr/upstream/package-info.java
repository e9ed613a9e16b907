/**
 * The gateway's side and the author's side of the services behind it.
 *
 * <ul>
 *   <li>{@link dev.gatesvr.upstream.route}: which zone a player belongs to and which instance of it
 *       runs a request. Pure.
 *   <li>{@link dev.gatesvr.upstream.registry}: who registered, as immutable snapshots.
 *   <li>{@link dev.gatesvr.upstream.grpc}: the gateway's gRPC edges, out to the instances and in
 *       from them.
 *   <li>{@link dev.gatesvr.upstream.service}: what the author of an upstream writes against.
 * </ul>
 */
@NullMarked
package dev.gatesvr.upstream;

import org.jspecify.annotations.NullMarked;
