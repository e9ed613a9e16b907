package dev.gatesvr.session;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayList;
import java.util.List;

/** A request that was accepted and not yet answered, with the pushes bound to its answer. */
final class PendingRequest {
  final long clientSeq;
  final int msgId;

  /** A serialized BusinessRequest; parsed when its turn comes. */
  final ByteString payload;

  final int bytes;
  private List<ServerPush.Builder> before = List.of();
  private List<ServerPush.Builder> after = List.of();
  private long boundBytes;

  PendingRequest(long clientSeq, int msgId, ByteString payload, int bytes) {
    this.clientSeq = clientSeq;
    this.msgId = msgId;
    this.payload = payload;
    this.bytes = bytes;
  }

  List<ServerPush.Builder> before() {
    return before;
  }

  List<ServerPush.Builder> after() {
    return after;
  }

  int boundCount() {
    return before.size() + after.size();
  }

  long boundBytes() {
    return boundBytes;
  }

  void bindBefore(ServerPush.Builder push, int pushBytes) {
    before = before.isEmpty() ? new ArrayList<>(2) : before;
    before.add(push);
    boundBytes += pushBytes;
  }

  void bindAfter(ServerPush.Builder push, int pushBytes) {
    after = after.isEmpty() ? new ArrayList<>(2) : after;
    after.add(push);
    boundBytes += pushBytes;
  }
}
