package dev.gatesvr.gateway.push;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.session.Delivery;
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

  /** When and how the push is delivered; its key was checked on arrival. */
  static Delivery delivery(UnicastPushRequest push) {
    return delivery(push.getSyncHint(), push.getBindClientSeqId(), push.getPolicy(), push.getKey());
  }

  /** As {@link #delivery(UnicastPushRequest)}; a broadcast is bound to no request. */
  static Delivery delivery(BroadcastRequest push) {
    return delivery(NotifySyncHint.NSH_IMMEDIATELY, 0, push.getPolicy(), push.getKey());
  }

  private static Delivery delivery(
      NotifySyncHint hint, long boundSeq, PushPolicy policy, String key) {
    return switch (policy) {
      case POLICY_RELIABLE, UNRECOGNIZED ->
          hint == NotifySyncHint.NSH_IMMEDIATELY
              ? Delivery.RELIABLE
              : new Delivery(hint, boundSeq, PushPolicy.POLICY_RELIABLE, "");
      case POLICY_DROPPABLE -> new Delivery(hint, boundSeq, policy, "");
      case POLICY_LATEST -> new Delivery(hint, boundSeq, policy, key);
    };
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
