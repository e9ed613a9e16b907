package dev.gatesvr.gateway.admin.http;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** What stands at one path. */
@FunctionalInterface
public interface Page {
  /** What may be done with a path that only shows something. */
  List<String> READ = List.of("GET", "HEAD");

  /** The methods that the page has at {@code path}; any other is answered with 405. */
  default List<String> methods(String path) {
    return READ;
  }

  /**
   * Answers one request. Called on the listener's loop, so it must not block; what takes long
   * completes the stage from elsewhere.
   *
   * @throws RequestException for an answer that is an error; the stage may fail with it as well
   */
  CompletionStage<Reply> answer(Request request);
}
