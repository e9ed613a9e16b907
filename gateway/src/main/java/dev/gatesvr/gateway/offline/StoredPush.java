package dev.gatesvr.gateway.offline;

import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.ServerPush;

/**
 * A message that waits for its player's next session.
 *
 * @param message everything but its position
 * @param key with {@link PushPolicy#POLICY_LATEST} what it is the newest state of, else empty
 * @param bytes what a session will count it as, and its key
 * @param expiresNanos from then on it is gone
 */
public record StoredPush(
    ServerPush message, PushPolicy policy, String key, int bytes, long expiresNanos) {

  /** What a position adds to a message at most: a tag and a ten-byte varint. */
  static final int POSITION_BYTES_MAX = 11;

  static StoredPush of(ServerPush message, PushPolicy policy, String key, long expiresNanos) {
    int bytes = message.getSerializedSize() + POSITION_BYTES_MAX + key.length();
    return new StoredPush(message, policy, key, bytes, expiresNanos);
  }

  boolean expired(long nowNanos) {
    return nowNanos - expiresNanos >= 0;
  }

  boolean replaces(StoredPush older) {
    return policy == PushPolicy.POLICY_LATEST
        && older.policy == PushPolicy.POLICY_LATEST
        && key.equals(older.key);
  }
}
