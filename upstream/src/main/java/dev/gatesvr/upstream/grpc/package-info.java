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
 * lasts, {@link dev.gatesvr.upstream.grpc.UpstreamCaller#ATTEMPTS_MAX} instances at most. gRPC's
 * own retries are off.
 *
 * <p>What is repeated: a call whose connection broke after its headers were written, if the
 * instance declared an incarnation when it registered and so keeps results. The copy says which
 * process got the first one ({@code attempted_incarnation}) and goes back there, or in the end to
 * another instance that keeps results, which then says that the outcome is unknown or runs it
 * because it is idempotent. To an instance without an incarnation nothing is ever sent twice. A
 * missed deadline is not repeated: nobody waits any more.
 *
 * <p>Which process a call went to is read from the registration, so a channel is replaced as soon
 * as its address registers with another incarnation. An address that several processes share (a
 * load balancer) must not declare one.
 *
 * <p>In a pair of gateways {@link dev.gatesvr.upstream.grpc.FenceRecorder} lets every instance
 * record the term of the gateway that leads, and {@link dev.gatesvr.upstream.grpc.FenceGate} lets
 * no request to an instance that has not. {@link dev.gatesvr.upstream.grpc.UpstreamCaller#choose}
 * and {@link dev.gatesvr.upstream.grpc.UpstreamCaller#send} split a call in two, so that the other
 * gateway can know where a request goes before it goes. {@link dev.gatesvr.upstream.grpc.PairFacts}
 * stand on every answer to upstreams.
 */
@NullMarked
package dev.gatesvr.upstream.grpc;

import org.jspecify.annotations.NullMarked;
