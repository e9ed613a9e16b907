package dev.gatesvr.gateway.metrics;

/** A stretch of a request's way through the gateway whose time is measured. */
public enum Stage {
  /** Frame bytes to message. */
  PARSE,
  /** Handed to gRPC until its answer is back on the shard. */
  UPSTREAM,
  /** Message to frame bytes. */
  ENCODE,
  /** Answer numbered until the transport took it. */
  SEND,
  /** Request frame complete until its answer was taken by the transport. */
  TOTAL
}
