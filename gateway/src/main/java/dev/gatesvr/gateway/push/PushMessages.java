package dev.gatesvr.gateway.push;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.UnicastPushRequest;
import java.util.Map;

/**
 * Pushes in the client's form. GateSvr's clients read {@code BusinessResponse{200, "[msg_type]
 * title", data}}; what that cannot hold travels in the headers (PROTOCOL.md §3).
 */
final class PushMessages {
  static final String HEADER_TYPE = "x-push-type";
  static final String HEADER_TITLE = "x-push-title";
  static final String HEADER_CONTENT = "x-push-content";
  private static final int OK = 200;

  private PushMessages() {}

  static ServerPush.Builder of(UnicastPushRequest push) {
    return of(
        push.getMsgType(),
        push.getTitle(),
        push.getContent(),
        push.getData(),
        push.getMetadataMap());
  }

  static ServerPush.Builder of(BroadcastRequest push) {
    return of(
        push.getMsgType(),
        push.getTitle(),
        push.getContent(),
        push.getData(),
        push.getMetadataMap());
  }

  private static ServerPush.Builder of(
      String type, String title, String content, ByteString data, Map<String, String> metadata) {
    BusinessResponse body =
        BusinessResponse.newBuilder()
            .setCode(OK)
            .setMessage("[" + type + "] " + title)
            .setData(data.isEmpty() ? ByteString.copyFromUtf8(content) : data)
            .build();
    // The gateway's own headers last: metadata cannot pretend to be them.
    return ServerPush.newBuilder()
        .setType(PushType.PUSH_BUSINESS_DATA)
        .setPayload(body.toByteString())
        .putAllHeaders(metadata)
        .putHeaders(HEADER_TYPE, type)
        .putHeaders(HEADER_TITLE, title)
        .putHeaders(HEADER_CONTENT, content);
  }
}
