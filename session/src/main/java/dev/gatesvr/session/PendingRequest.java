package dev.gatesvr.session;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayList;
import java.util.List;

/** A request that was accepted and not yet answered, with the pushes bound to its answer. */
final class PendingRequest {
  /** As it arrived; its payload is parsed when its turn comes. */
  final ClientRequest frame;

  /** When it arrived, monotonic. */
  final long receivedNanos;

  private List<ServerPush.Builder> before = List.of();
  private List<ServerPush.Builder> after = List.of();
  private long boundBytes;

  PendingRequest(ClientRequest frame, long receivedNanos) {
    this.frame = frame;
    this.receivedNanos = receivedNanos;
  }

  long clientSeq() {
    return frame.getSeqId();
  }

  int bytes() {
    return frame.getSerializedSize();
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
