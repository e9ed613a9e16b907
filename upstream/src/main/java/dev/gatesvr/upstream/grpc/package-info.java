/**
 * The gateway's gRPC edges.
 *
 * <p>Out: {@link dev.gatesvr.upstream.grpc.UpstreamCaller} runs requests on instances, one caller
 * for each event loop, each with its own channel to each instance, so that a call and its answer
 * never leave their loop. In: {@link dev.gatesvr.upstream.grpc.GatewayGrpcServer} takes
 * registrations and pushes and hands the latter to a {@link dev.gatesvr.upstream.grpc.PushPort}.
 *
 * <p>What is tried again: a call whose request headers were never written to a socket (connection
 * refused, instance known to be down) goes to another instance of the zone while the deadline
 * lasts, {@link dev.gatesvr.upstream.grpc.UpstreamCaller#ATTEMPTS_MAX} instances at most. Whatever
 * may have reached an instance is never tried again here, and gRPC's own retries are off.
 */
@NullMarked
package dev.gatesvr.upstream.grpc;

import org.jspecify.annotations.NullMarked;
