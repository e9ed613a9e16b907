package dev.gatesvr.gateway.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Session;

/** Messages that carry one text, so that each can be told from every other. */
final class Texts {
  private Texts() {}

  static ServerPush.Builder push(String text) {
    return Session.push(BusinessResponse.newBuilder().setMessage(text).build().toByteString());
  }

  static String of(ServerPush push) {
    try {
      return push.getType() == PushType.PUSH_ERROR
          ? ErrorMessage.parseFrom(push.getPayload()).getErrorMessage()
          : of(push.getPayload());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static String of(ByteString response) {
    try {
      return BusinessResponse.parseFrom(response).getMessage();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
