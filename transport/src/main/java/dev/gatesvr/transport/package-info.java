/**
 * One small pair of ports, {@link dev.gatesvr.transport.Connection} and {@link
 * dev.gatesvr.transport.ConnectionHandler}, over every way a player can arrive.
 *
 * <p>A transport binds or connects, cuts the byte stream into frames, parses each frame once, and
 * closes. It knows nothing of sessions: what a message means is decided above. Server and client
 * side are the same two ports with the message types exchanged. Adding a transport is adding one
 * package beside {@code quic}.
 *
 * <p>Threading: a connection lives on one event loop for its whole life. Every callback of its
 * handler runs there, and its methods are called there unless they say otherwise.
 */
@NullMarked
package dev.gatesvr.transport;

import org.jspecify.annotations.NullMarked;
