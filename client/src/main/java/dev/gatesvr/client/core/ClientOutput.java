package dev.gatesvr.client.core;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.SendResult;

/** What a {@link ClientCore} does to the world. Nothing here calls back into the core. */
public interface ClientOutput {
  /**
   * Starts to connect. {@link ClientCore#onConnected} or {@link ClientCore#onDisconnected} follows
   * unless {@link #hangUp} comes first.
   *
   * @param address index into the client's list of gateways
   */
  void dial(int address);

  /** Sends on the current connection; see {@link dev.gatesvr.transport.Connection#send}. */
  SendResult send(ClientRequest message);

  /** Ends the current connection or attempt, if any. Nothing of it reaches the core afterwards. */
  void hangUp(CloseCode code);

  /** Stops or resumes reading from the current connection. */
  void reading(boolean enabled);

  /** Queues something for the application, behind everything queued before. */
  void deliver(Inbound inbound);
}
