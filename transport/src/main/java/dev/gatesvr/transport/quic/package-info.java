/**
 * QUIC, both sides, on Netty's codec; the only package that touches it.
 *
 * <p>A player is one QUIC connection with one bidirectional stream that the client opens and speaks
 * on first. {@link dev.gatesvr.transport.quic.QuicListener} accepts, {@link
 * dev.gatesvr.transport.quic.QuicConnector} connects.
 *
 * <p>Several loops share one UDP port: each has its own socket (SO_REUSEPORT) and writes its index
 * into the connection ids it gives out, so that a datagram which the kernel hands to another loop,
 * after the client's address changed, finds its way:
 *
 * <pre>
 *   kernel --&gt; UDP socket i --&gt; FlushCoalescer --&gt; ShortPacketFilter --&gt; dispatcher --&gt; codec i
 *                                                                        \--&gt; codec j, on loop j
 * </pre>
 */
@NullMarked
package dev.gatesvr.transport.quic;

import org.jspecify.annotations.NullMarked;
