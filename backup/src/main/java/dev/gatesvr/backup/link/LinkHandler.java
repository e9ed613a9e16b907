package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import java.net.InetSocketAddress;

/**
 * What happens on the links of this process. Called on the pair's loop only, and for each link in
 * the order {@code onUp}, any of the others, {@code onDown}. An exception ends the link with {@link
 * LinkEnd#LOCAL}.
 */
public interface LinkHandler {
  /** Both hellos were accepted; frames may be sent. */
  void onUp(PairLink link, PairHello peer);

  /** A frame came: a beat, or whatever the other sends; never a hello or a refusal. */
  void onFrame(PairLink link, PairFrame frame);

  /** {@link PairLink#send} takes frames again. */
  void onWritable(PairLink link);

  /**
   * The link is over.
   *
   * @param reason for a person; of the other's words at most 256 characters
   */
  void onDown(PairLink link, LinkEnd end, String reason);

  /** A dialler's attempt failed; the next is scheduled. */
  default void onDialFailed(InetSocketAddress address, LinkEnd end, String reason) {}
}
