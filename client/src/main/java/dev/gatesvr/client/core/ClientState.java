package dev.gatesvr.client.core;

/** Where a client is in its life; the arrows are in the documentation of {@link ClientCore}. */
public enum ClientState {
  /** Made, and not told to connect yet. */
  IDLE,
  /** A connection is being made. */
  CONNECTING,
  /** Connected; START was sent and not answered yet. */
  STARTING,
  /** The session is attached: requests and pushes flow. */
  READY,
  /** No connection; the next attempt comes by itself. */
  BACKOFF,
  /** No connection, because the application asked for none; the session waits at the gateway. */
  SUSPENDED,
  /** Over, for the reason given to the application. Nothing leaves this state. */
  CLOSED;

  /** True when there is an arrow from here to {@code next}. */
  boolean mayBecome(ClientState next) {
    return switch (next) {
      case IDLE -> false;
      case CONNECTING -> this == IDLE || this == BACKOFF || this == SUSPENDED;
      case STARTING -> this == CONNECTING;
      case READY -> this == CONNECTING || this == STARTING || this == BACKOFF;
      case BACKOFF -> this == CONNECTING || this == STARTING || this == READY;
      case SUSPENDED -> this != SUSPENDED && this != CLOSED;
      case CLOSED -> this != CLOSED;
    };
  }
}
