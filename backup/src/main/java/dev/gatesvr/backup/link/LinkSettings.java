package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairBeat;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;

/**
 * What the links of a process share.
 *
 * @param loop does all I/O and calls every callback
 * @param identity what the hello says
 * @param security TLS, or the declaration that nobody else is there
 * @param times timers
 * @param frameBytesMax the largest frame, in both directions; both nodes should agree. A batch, or
 *     one whole session, must fit
 * @param writeBufferBytesMax above this many bytes on the way to the socket {@link PairLink#send}
 *     takes nothing. At most one frame more is held
 * @param beat the newest beat, asked on the loop; its number is set by the link
 */
public record LinkSettings(
    EventLoop loop,
    LinkIdentity identity,
    LinkSecurity security,
    LinkTimes times,
    int frameBytesMax,
    int writeBufferBytesMax,
    Supplier<PairBeat> beat) {
  /** Fits the default batch and a session with a full replay ring. */
  public static final int FRAME_BYTES_DEFAULT = 4 << 20;

  /** About what a gigabit carries in ten milliseconds. */
  public static final int WRITE_BUFFER_BYTES_DEFAULT = 1 << 20;

  /** No hello is larger, so that a stranger costs no more. */
  static final int HELLO_BYTES_MAX = 16 << 10;

  public LinkSettings {
    range("frameBytesMax", frameBytesMax, HELLO_BYTES_MAX, 1 << 28);
    range("writeBufferBytesMax", writeBufferBytesMax, 1_024, 1 << 28);
  }

  /** Settings with the default bounds. */
  public static LinkSettings of(
      EventLoop loop,
      LinkIdentity identity,
      LinkSecurity security,
      LinkTimes times,
      Supplier<PairBeat> beat) {
    return new LinkSettings(
        loop, identity, security, times, FRAME_BYTES_DEFAULT, WRITE_BUFFER_BYTES_DEFAULT, beat);
  }

  private static void range(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }
}
