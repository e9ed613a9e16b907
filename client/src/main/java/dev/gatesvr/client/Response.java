package dev.gatesvr.client;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * What a zone answered to a request.
 *
 * @param seqId its position among the session's pushes, 0 when it is outside of the history
 * @param code 200 when it went well, else what the zone says about it
 * @param message one line for people
 * @param data the body
 * @param headers set by the zone
 */
public record Response(
    long seqId, int code, String message, ByteString data, Map<String, String> headers) {
  private static final int OK = 200;

  public boolean ok() {
    return code == OK;
  }

  /** The body as text. */
  public String text() {
    return data.toStringUtf8();
  }
}
