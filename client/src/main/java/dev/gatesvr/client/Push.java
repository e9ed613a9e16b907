package dev.gatesvr.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ServerPush;
import java.util.Map;

/**
 * Something a zone sent without being asked.
 *
 * @param seqId its position in the session, 0 when it is outside of the history
 * @param code 200, or what the zone set
 * @param message {@code [type] title}, as GateSvr's clients read it
 * @param data the body
 * @param headers everything else, such as {@link #type}
 */
public record Push(
    long seqId, int code, String message, ByteString data, Map<String, String> headers) {
  private static final String HEADER_TYPE = "x-push-type";
  private static final String HEADER_TITLE = "x-push-title";
  private static final String HEADER_CONTENT = "x-push-content";

  /** What the sender called its kind, empty when it did not say. */
  public String type() {
    return headers.getOrDefault(HEADER_TYPE, "");
  }

  /** The sender's title, empty when there is none. */
  public String title() {
    return headers.getOrDefault(HEADER_TITLE, "");
  }

  /** The sender's text, empty when there is none. */
  public String content() {
    return headers.getOrDefault(HEADER_CONTENT, "");
  }

  /** Reads a message; a payload in another form becomes {@link #data} as it is, with code 0. */
  static Push of(ServerPush push) {
    try {
      BusinessResponse body = BusinessResponse.parseFrom(push.getPayload());
      return new Push(
          push.getSeqId(), body.getCode(), body.getMessage(), body.getData(), push.getHeadersMap());
    } catch (InvalidProtocolBufferException e) {
      return new Push(push.getSeqId(), 0, "", push.getPayload(), push.getHeadersMap());
    }
  }
}
