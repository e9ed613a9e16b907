package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairFrame;

/**
 * One established connection between the two gateways, from the hello of the other to its end.
 *
 * <p>Confined to the pair's loop: every method throws {@link IllegalStateException} elsewhere.
 * Beats go out by themselves, and by {@link #beatNow}.
 */
public interface PairLink {
  /**
   * Sends a frame in this turn of the loop.
   *
   * @return false when the link is over or {@link #writable} is false; the frame was not taken then
   * @throws IllegalArgumentException when it is larger than a frame may be
   */
  boolean send(PairFrame frame);

  /** True while {@link #send} takes frames. After a false one comes {@code onWritable}. */
  boolean writable();

  /**
   * Sends the newest beat at once, also when not {@link #writable}; nothing when the link is over.
   */
  void beatNow();

  /**
   * Says goodbye and closes; {@code onDown} with {@link LinkEnd#LOCAL} is called before this
   * returns. Harmless when repeated.
   *
   * @param reason what the other logs
   */
  void close(String reason);

  /** Who is at the other end. */
  PeerInfo peer();

  /** When the last byte came, on the clock of {@link System#nanoTime}. */
  long lastHeardNanos();
}
