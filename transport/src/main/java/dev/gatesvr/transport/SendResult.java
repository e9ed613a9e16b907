package dev.gatesvr.transport;

/** What became of a message handed to {@link Connection#send}. */
public enum SendResult {
  /** Accepted: it will be written in order unless the connection ends first. */
  SENT,
  /**
   * Not accepted: the write buffer is above its high water mark. {@link
   * ConnectionHandler#onWritable} follows once it has drained.
   */
  BACKPRESSURED,
  /** Not accepted: the message does not fit a frame, and never will. */
  TOO_LARGE,
  /** Not accepted: the connection has ended. */
  CLOSED
}
