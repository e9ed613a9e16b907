package dev.gatesvr.gateway.offline;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;

/**
 * A message that waits for its player's next session.
 *
 * @param message everything but its position
 * @param delivery what may give way, here and in the session; bound to nothing
 * @param bytes what a session will count it as, and its key
 * @param expiresNanos from then on it is gone
 */
public record StoredPush(ServerPush message, Delivery delivery, int bytes, long expiresNanos) {

  static StoredPush of(ServerPush message, Delivery delivery, long expiresNanos) {
    int bytes = message.getSerializedSize() + Limits.POSITION_BYTES_MAX + delivery.key().length();
    return new StoredPush(message, delivery, bytes, expiresNanos);
  }

  boolean expired(long nowNanos) {
    return nowNanos - expiresNanos >= 0;
  }

  boolean droppable() {
    return delivery.policy() == PushPolicy.POLICY_DROPPABLE;
  }

  boolean replaces(StoredPush older) {
    return !delivery.key().isEmpty() && delivery.key().equals(older.delivery.key());
  }
}
