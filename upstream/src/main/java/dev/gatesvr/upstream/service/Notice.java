package dev.gatesvr.upstream.service;

import com.google.protobuf.ByteString;
import java.util.Map;

/**
 * A message for players that nobody asked for.
 *
 * @param msgType the application's own kind
 * @param title may be empty
 * @param content may be empty
 * @param data may be empty
 * @param metadata travels to the player as headers
 */
public record Notice(
    String msgType, String title, String content, ByteString data, Map<String, String> metadata) {
  public Notice {
    metadata = Map.copyOf(metadata);
  }

  /** A notice of text only. */
  public static Notice of(String msgType, String title, String content) {
    return new Notice(msgType, title, content, ByteString.EMPTY, Map.of());
  }
}
