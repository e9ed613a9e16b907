package dev.gatesvr.transport.frame;

import dev.gatesvr.transport.FrameFault;

/**
 * Where a {@link FrameDecoder} puts what it finds.
 *
 * @param <I> the message type
 */
public interface FrameSink<I> {
  /**
   * One whole message.
   *
   * @param frame the parsed message, which shares no memory with the bytes it came from
   * @param receivedNanos when the decoder was given the last of its bytes
   */
  void onFrame(I frame, long receivedNanos);

  /** The decoder stopped for good: these bytes make no message. */
  void onFault(FrameFault fault);
}
