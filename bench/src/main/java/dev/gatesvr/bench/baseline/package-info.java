/**
 * Bare Netty servers to compare the gateway with, each a process of its own ({@link
 * dev.gatesvr.bench.baseline.BareMain}).
 *
 * <p>The same as in {@code transport.quic}, by its public records: the loops ({@code IoLoops}), the
 * certificate ({@code TlsIdentity}), flow-control windows, idle timeout, socket buffers and
 * connection-id limit ({@code QuicListenerConfig}). The same, written again here because it is not
 * public there: datagrams read in batches of 16 (recvmmsg), one flush of the UDP socket for each
 * read burst, one write of the stream for each turn of the loop. Missing on purpose: Retry tokens,
 * the packet filter, protobuf, sessions, metrics, limits.
 */
@NullMarked
package dev.gatesvr.bench.baseline;

import org.jspecify.annotations.NullMarked;
