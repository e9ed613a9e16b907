package dev.gatesvr.upstream.service;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.Limits;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What a handler answers.
 *
 * @param code 200, or an error in the manner of HTTP
 * @param message one line for people
 * @param data at most a frame ({@link Limits#FRAME_BYTES_MAX}) together with the rest
 * @param headers extra facts for the player
 */
public record Reply(int code, String message, ByteString data, Map<String, String> headers) {
  public static final int OK = 200;
  public static final int BAD_REQUEST = 400;
  public static final int NOT_FOUND = 404;
  public static final int FAILED = 500;

  /** Of the service itself, for a repeated request that may have run before. */
  public static final int OUTCOME_UNKNOWN = 504;

  /** Of the service itself, for a gateway that was deposed; no player sees it. */
  static final int FENCED = 421;

  public Reply {
    headers = Map.copyOf(headers);
  }

  /** Success without data. */
  public static Reply ok(String message) {
    return new Reply(OK, message, ByteString.EMPTY, Map.of());
  }

  /** Success with bytes. */
  public static Reply ok(String message, ByteString data) {
    return new Reply(OK, message, data, Map.of());
  }

  /** Success with text, sent as UTF-8. */
  public static Reply ok(String message, String data) {
    return ok(message, ByteString.copyFrom(data, StandardCharsets.UTF_8));
  }

  /** An error that the player sees. */
  public static Reply error(int code, String message) {
    return new Reply(code, message, ByteString.EMPTY, Map.of());
  }

  /** The same reply with one more header. */
  public Reply withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Reply(code, message, data, more);
  }
}
