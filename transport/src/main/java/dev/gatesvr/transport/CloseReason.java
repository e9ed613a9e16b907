package dev.gatesvr.transport;

import dev.gatesvr.proto.CloseCode;

/**
 * How a connection ended.
 *
 * @param code the application code, {@link CloseCode#CONNECTION_LOST} when there was none
 * @param byPeer true when the peer closed it, false when this side did or the network lost it
 * @param detail one line for logs, possibly empty
 */
public record CloseReason(CloseCode code, boolean byPeer, String detail) {}
