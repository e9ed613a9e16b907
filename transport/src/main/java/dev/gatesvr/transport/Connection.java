package dev.gatesvr.transport;

import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.CloseCode;
import java.net.SocketAddress;
import java.util.concurrent.Executor;

/**
 * One attached peer. Confined to its event loop: every method is called there, except {@link #id},
 * {@link #transport}, {@link #remoteAddress}, {@link #loop} and {@link #onLoop}, which any thread
 * may call.
 */
public interface Connection {
  /** Unique in this process, from 1. */
  long id();

  /** The transport's name in statistics: {@code quic}, {@code tcp}, {@code kcp}, {@code ws}. */
  String transport();

  /** The peer's current address; after a migration the new one. */
  SocketAddress remoteAddress();

  /** Runs tasks on the connection's event loop, in order. */
  Executor loop();

  /** True when called on the connection's event loop. */
  boolean onLoop();

  /**
   * Writes one message as one frame. The bytes leave at the end of the current turn of the loop, so
   * that messages sent in one turn share packets. Never blocks, never throws for a peer's fault.
   */
  SendResult send(MessageLite message);

  /** True while {@link #send} would accept a message. */
  boolean writable();

  /**
   * Stops or resumes reading from the peer, for back-pressure towards it. At most what is already
   * buffered for the connection's stream still arrives.
   */
  void reading(boolean enabled);

  /**
   * Ends the connection after what was sent before has been handed to the transport. {@link
   * ConnectionHandler#onClosed} follows once, also for a second call, which does nothing else.
   */
  void close(CloseCode code);
}
