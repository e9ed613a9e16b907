package dev.gatesvr.transport;

/**
 * Makes the handler of each new connection, on the connection's event loop, before its first frame.
 *
 * @param <I> the message type the peer sends
 */
@FunctionalInterface
public interface ConnectionAcceptor<I> {
  /** The handler of {@code connection}; it may also close it at once. */
  ConnectionHandler<I> onOpen(Connection connection);
}
