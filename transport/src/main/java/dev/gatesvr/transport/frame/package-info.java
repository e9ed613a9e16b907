/**
 * Frames on a byte stream, for every transport that has one (PROTOCOL.md §1).
 *
 * <pre>
 *   0               4
 *   +---------------+----------------------+
 *   | length u32 BE | one protobuf message |   length 1 to 1,048,576
 *   +---------------+----------------------+
 * </pre>
 *
 * <p>{@link dev.gatesvr.transport.frame.FrameDecoder} cuts and parses, {@link
 * dev.gatesvr.transport.frame.FrameWriter} encodes, batches and counts what the stream has not
 * taken yet; both are confined to one event loop. {@link
 * dev.gatesvr.transport.frame.FramedConnection} puts them on a Netty stream channel as a {@link
 * dev.gatesvr.transport.Connection}: its state machine is the life of a connection on any
 * transport, and {@link dev.gatesvr.transport.frame.ConnectionEdge} is the little that each
 * transport adds.
 */
@NullMarked
package dev.gatesvr.transport.frame;

import org.jspecify.annotations.NullMarked;
