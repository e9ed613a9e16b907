package dev.gatesvr.transport;

/**
 * What happens on one connection, told to whoever accepted or made it. All calls come on the
 * connection's event loop, in order; {@link #onClosed} is the last and comes exactly once.
 *
 * @param <I> the message type the peer sends
 */
public interface ConnectionHandler<I> {
  /**
   * One whole message.
   *
   * @param frame the parsed message
   * @param receivedNanos {@link System#nanoTime} when the decoder had the frame's bytes
   */
  void onFrame(I frame, long receivedNanos);

  /**
   * Bytes that make no message. No frame follows; the handler says what it wants to say and closes
   * with {@link FrameFault#closeCode}.
   */
  void onFault(FrameFault fault);

  /** {@link Connection#send} accepts messages again after it answered BACKPRESSURED. */
  void onWritable();

  /** The connection has ended and all its resources are released. */
  void onClosed(CloseReason reason);
}
