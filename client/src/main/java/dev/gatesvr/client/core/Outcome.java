package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ErrorMessage;
import java.util.Map;

/** How a request ended. */
public sealed interface Outcome {
  /**
   * The zone answered.
   *
   * @param seqId the answer's position in the session
   */
  record Answered(long seqId, ByteString payload, Map<String, String> headers) implements Outcome {}

  /** The gateway answered with an error. */
  record Refused(ErrorMessage error) implements Outcome {}

  /**
   * No answer will come.
   *
   * @param mayHaveRun false only when it is certain that the request did not run
   */
  record Failed(Failure failure, boolean mayHaveRun) implements Outcome {}

  /** Why no answer will come. */
  enum Failure {
    /** Its deadline passed. */
    DEADLINE("no answer before the deadline"),
    /** The session it was sent in is gone, and with it the answer. */
    SESSION_LOST("the session was lost before the answer came"),
    /** The client was closed. */
    CLOSED("the client is closed"),
    /** It does not fit a frame. */
    TOO_LARGE("the request does not fit a frame"),
    /** Too many requests wait already. */
    QUEUE_FULL("too many requests are waiting");

    private final String meaning;

    Failure(String meaning) {
      this.meaning = meaning;
    }

    /** One line for people. */
    public String meaning() {
      return meaning;
    }
  }
}
