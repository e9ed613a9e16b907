package dev.gatesvr.upstream.service;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.upstream.route.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A message for players that nobody asked for.
 *
 * @param msgType the application's own kind
 * @param title may be empty
 * @param content may be empty
 * @param data may be empty
 * @param metadata travels to the player as headers
 * @param policy what gives way when the session holds as much as it may
 * @param key what the message is the newest state of; empty unless the policy is {@code
 *     POLICY_LATEST}
 */
public record Notice(
    String msgType,
    String title,
    String content,
    ByteString data,
    Map<String, String> metadata,
    PushPolicy policy,
    String key) {
  /** Longest {@link #key} in UTF-8 bytes. */
  public static final int KEY_BYTES_MAX = 64;

  public Notice {
    metadata = Map.copyOf(metadata);
    if (policy == PushPolicy.UNRECOGNIZED) {
      throw new IllegalArgumentException("policy: UNRECOGNIZED (expected: one of the wire's)");
    }
    int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
    boolean fits =
        policy == PushPolicy.POLICY_LATEST
            ? keyBytes >= 1 && keyBytes <= KEY_BYTES_MAX
            : keyBytes == 0;
    if (!fits) {
      throw new IllegalArgumentException(
          "key: "
              + Printable.quoted(key)
              + " (expected: 1 to 64 bytes with POLICY_LATEST, else empty)");
    }
  }

  /** A notice that is never dropped once a gateway took it. */
  public Notice(
      String msgType, String title, String content, ByteString data, Map<String, String> metadata) {
    this(msgType, title, content, data, metadata, PushPolicy.POLICY_RELIABLE, "");
  }

  /** A notice of text only. */
  public static Notice of(String msgType, String title, String content) {
    return new Notice(msgType, title, content, ByteString.EMPTY, Map.of());
  }

  /**
   * The same notice, but it gives way when the session holds as much as it may: the oldest of these
   * is dropped and the player is told of the gap.
   */
  public Notice droppable() {
    return new Notice(msgType, title, content, data, metadata, PushPolicy.POLICY_DROPPABLE, "");
  }

  /**
   * The same notice, but it gives way once a newer one with the same key is there.
   *
   * @param key 1 to 64 UTF-8 bytes, such as {@code "score"}
   */
  public Notice latest(String key) {
    return new Notice(msgType, title, content, data, metadata, PushPolicy.POLICY_LATEST, key);
  }
}
