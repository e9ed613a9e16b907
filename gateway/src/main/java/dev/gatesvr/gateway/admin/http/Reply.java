package dev.gatesvr.gateway.admin.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The answer to one request. */
public sealed interface Reply {
  String JSON = "application/json; charset=utf-8";
  String TEXT = "text/plain; charset=utf-8";
  String HTML = "text/html; charset=utf-8";

  int status();

  String contentType();

  /**
   * An answer whose bytes are there. The array is not copied and must not change any more.
   *
   * @param headers besides those of every answer
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // never compared, and a copy of every answer for nothing
  record Whole(int status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {}

  /** An answer that is made as the client takes it. */
  record Pieces(int status, String contentType, PieceSource source) implements Reply {}

  /** The rest of an answer. Confined to the listener's loop. */
  @FunctionalInterface
  interface PieceSource {
    /**
     * Writes the next piece, some tens of kilobytes.
     *
     * @return false when it was the last
     */
    boolean writeNext(OutputStream out) throws IOException;
  }

  static Reply text(int status, String contentType, String body) {
    return new Whole(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** The one form of every error: {@code {"error": "limit: x (expected: 1 to 10000)"}}. */
  static Reply error(int status, String message) {
    return error(status, message, Map.of());
  }

  /** An error whose status calls for headers of its own. */
  static Reply error(int status, String message, Map<String, String> headers) {
    String body = "{\"error\":\"" + escape(message) + "\"}\n";
    return new Whole(status, JSON, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  private static String escape(String message) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < message.length(); i++) {
      char c = message.charAt(i);
      if (c == '"' || c == '\\') {
        escaped.append('\\').append(c);
      } else {
        escaped.append(c < ' ' || Character.isSurrogate(c) ? ' ' : c);
      }
    }
    return escaped.toString();
  }
}
