package dev.gatesvr.gateway.admin.http;

import java.util.concurrent.CompletionStage;

/** What stands at one path. */
@FunctionalInterface
public interface Page {
  /**
   * Answers one request. Called on the listener's loop, so it must not block; what takes long
   * completes the stage from elsewhere.
   *
   * @throws RequestException for an answer that is an error; the stage may fail with it as well
   */
  CompletionStage<Reply> answer(Request request);
}
