package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.SendResult;

/** What a {@link ClientCore} does to the world. Nothing here calls back into the core. */
public interface ClientOutput extends WarmOutput {
  /**
   * Starts to connect. {@link ClientCore#onConnected} or {@link ClientCore#onDisconnected} follows
   * unless {@link #hangUp} comes first.
   *
   * @param address one of the client's own gateways, or one that a gateway named
   */
  void dial(ServerAddress address);

  /**
   * Asks the application for what proves a login on the current connection. {@link
   * ClientCore#onToken} or {@link ClientCore#onTokenFailed} follows, unless the connection ends
   * first.
   */
  void askToken();

  /** Sends on the current connection; see {@link dev.gatesvr.transport.Connection#send}. */
  SendResult send(ClientRequest message);

  /** Ends the current connection or attempt, if any. Nothing of it reaches the core afterwards. */
  void hangUp(CloseCode code);

  /** Stops or resumes reading from the current connection. */
  void reading(boolean enabled);

  /** Queues something for the application, behind everything queued before. */
  void deliver(Inbound inbound);
}
