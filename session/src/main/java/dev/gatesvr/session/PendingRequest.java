package dev.gatesvr.session;

import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayList;
import java.util.List;

/** A request that was accepted and not yet answered, with the pushes bound to its answer. */
final class PendingRequest {
  /** A push that waits for the answer. */
  record BoundPush(ServerPush.Builder message, Delivery delivery) {}

  /** As it arrived; its payload is parsed when its turn comes. */
  final ClientRequest frame;

  /** When it arrived, monotonic. */
  final long receivedNanos;

  private List<BoundPush> before = List.of();
  private List<BoundPush> after = List.of();
  private long boundBytes;
  private boolean dispatched;
  private long incarnation;

  PendingRequest(ClientRequest frame, long receivedNanos) {
    this.frame = frame;
    this.receivedNanos = receivedNanos;
  }

  long clientSeq() {
    return frame.getSeqId();
  }

  /** It is on its way to an upstream process; 0 stands for one of the old wire. */
  void dispatchedTo(long newIncarnation) {
    dispatched = true;
    incarnation = newIncarnation;
  }

  boolean dispatched() {
    return dispatched;
  }

  long incarnation() {
    return incarnation;
  }

  int bytes() {
    return frame.getSerializedSize();
  }

  List<BoundPush> before() {
    return before;
  }

  List<BoundPush> after() {
    return after;
  }

  int boundCount() {
    return before.size() + after.size();
  }

  long boundBytes() {
    return boundBytes;
  }

  void bind(BoundPush push, int pushBytes) {
    if (push.delivery().hint() == NotifySyncHint.NSH_BEFORE_RESPONSE) {
      before = before.isEmpty() ? new ArrayList<>(2) : before;
      before.add(push);
    } else {
      after = after.isEmpty() ? new ArrayList<>(2) : after;
      after.add(push);
    }
    boundBytes += pushBytes;
  }
}
