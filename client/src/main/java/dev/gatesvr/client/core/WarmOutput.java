package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.SendResult;

/**
 * What a {@link ClientCore} does with its second connection, to the standby of its pair. Nothing
 * here calls back into the core.
 */
public interface WarmOutput {
  /**
   * Starts to connect a second connection. {@link ClientCore#onWarmConnected} or {@link
   * ClientCore#onWarmDisconnected} follows unless {@link #hangUpWarm} comes first.
   */
  void dialWarm(ServerAddress address);

  /** Sends on the second connection; see {@link dev.gatesvr.transport.Connection#send}. */
  SendResult sendWarm(ClientRequest message);

  /** Ends the second connection or attempt, if any. Nothing of it reaches the core afterwards. */
  void hangUpWarm(CloseCode code);

  /**
   * The second connection becomes the current one; what was current is hung up with NORMAL, and
   * nothing of it reaches the core afterwards. Then there is no second one.
   */
  void promoteWarm();
}
