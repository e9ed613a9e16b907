/** Tests of QUIC over real sockets, with our client and with an independent one. */
@NullMarked
package dev.gatesvr.transport.quic;

import org.jspecify.annotations.NullMarked;
