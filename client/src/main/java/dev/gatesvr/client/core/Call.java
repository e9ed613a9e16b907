package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import java.util.function.Consumer;

/**
 * One request of the application on its way. Owned by the {@link RequestWindow} until it is handed
 * back through {@link ClientOutput#deliver}, exactly once.
 */
public final class Call {
  private final ByteString payload;
  private final long deadlineNanos;
  private final Consumer<Outcome> completion;

  /** Never changes once given, so that an answer to any copy is recognised. 0 until first sent. */
  int msgId;

  /** The BUSINESS sequence; 0 until one is assigned. */
  long seq;

  /** Copies sent in this session that were not refused. While 0, it has certainly not run. */
  int copies;

  /** The application has its outcome already; the call only holds its place in the numbering. */
  boolean abandoned;

  /**
   * @param payload a serialized BusinessRequest
   * @param deadlineNanos when the application stops waiting
   * @param completion told the outcome by the edge; the core never calls it
   */
  public Call(ByteString payload, long deadlineNanos, Consumer<Outcome> completion) {
    this.payload = payload;
    this.deadlineNanos = deadlineNanos;
    this.completion = completion;
  }

  ByteString payload() {
    return payload;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  /** Who waits for the outcome. */
  public Consumer<Outcome> completion() {
    return completion;
  }

  boolean mayHaveRun() {
    return copies > 0;
  }
}
