package dev.gatesvr.gateway.attributes;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.SessionAttribute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one session, in the order in which their names came. Costs nothing but itself
 * while empty; an expired one is dropped when the next caller looks. Not thread-safe; confined to
 * its session's shard. Time is monotonic nanoseconds, any origin.
 */
public final class SessionAttributes {
  /** Every one travels with every request of the session. */
  public static final int ENTRIES_MAX = Limits.ATTRIBUTES_MAX;

  /** Names and values of a session: what its requests grow by at most, about. */
  public static final int BYTES_MAX = 4_096;

  private record Entry(String value, int bytes, boolean expires, long deadlineNanos) {
    boolean expired(long nowNanos) {
      return expires && nowNanos - deadlineNanos >= 0;
    }
  }

  private @Nullable Map<String, Entry> entries;
  private int bytes;

  /**
   * Sets or replaces one. A refused one leaves what was there.
   *
   * @param ttlNanos how long it holds; 0 or less: as long as the session
   */
  public AttributeVerdict set(String name, String value, long ttlNanos, long nowNanos) {
    int nameBytes = utf8Bytes(name);
    int valueBytes = utf8Bytes(value);
    if (nameBytes < 1
        || nameBytes > Limits.ATTRIBUTE_NAME_BYTES_MAX
        || name.chars().anyMatch(Character::isISOControl)) {
      return AttributeVerdict.INVALID_NAME;
    }
    if (valueBytes > Limits.ATTRIBUTE_VALUE_BYTES_MAX) {
      return AttributeVerdict.VALUE_TOO_LONG;
    }
    expire(nowNanos);
    Map<String, Entry> all = entries == null ? new LinkedHashMap<>(4) : entries;
    Entry before = all.get(name);
    int added = nameBytes + valueBytes - (before == null ? 0 : before.bytes());
    if (bytes + added > BYTES_MAX || (before == null && all.size() == ENTRIES_MAX)) {
      return AttributeVerdict.FULL;
    }
    all.put(name, new Entry(value, nameBytes + valueBytes, ttlNanos > 0, nowNanos + ttlNanos));
    bytes += added;
    entries = all;
    return AttributeVerdict.SET;
  }

  /** Removes one; false when it was not there. */
  public boolean remove(String name) {
    Map<String, Entry> all = entries;
    Entry before = all == null ? null : all.remove(name);
    if (before == null) {
      return false;
    }
    bytes -= before.bytes();
    forgetWhenEmpty();
    return true;
  }

  /** Those that hold now: an immutable copy, empty without allocation when there are none. */
  public Map<String, String> live(long nowNanos) {
    expire(nowNanos);
    Map<String, Entry> all = entries;
    if (all == null) {
      return Map.of();
    }
    Map<String, String> copy = LinkedHashMap.newLinkedHashMap(all.size());
    all.forEach((name, entry) -> copy.put(name, entry.value()));
    return Collections.unmodifiableMap(copy);
  }

  /** Those that hold now, with what is left of their time. */
  public List<SessionAttribute> capture(long nowNanos) {
    expire(nowNanos);
    Map<String, Entry> all = entries;
    if (all == null) {
      return List.of();
    }
    List<SessionAttribute> captured = new ArrayList<>(all.size());
    all.forEach(
        (name, entry) -> {
          long leftNanos = entry.expires() ? entry.deadlineNanos() - nowNanos : 0;
          captured.add(
              SessionAttribute.newBuilder()
                  .setName(name)
                  .setValue(entry.value())
                  .setTtlMs(entry.expires() ? Math.max(1, leftNanos / 1_000_000) : 0)
                  .build());
        });
    return captured;
  }

  /** Bytes of names and values kept, expired ones included until somebody looks. */
  int bytes() {
    return bytes;
  }

  /** True while nothing is held. */
  boolean empty() {
    return entries == null;
  }

  private void expire(long nowNanos) {
    Map<String, Entry> all = entries;
    if (all == null) {
      return;
    }
    all.values()
        .removeIf(
            entry -> {
              boolean gone = entry.expired(nowNanos);
              if (gone) {
                bytes -= entry.bytes();
              }
              return gone;
            });
    forgetWhenEmpty();
  }

  private void forgetWhenEmpty() {
    if (entries != null && entries.isEmpty()) {
      entries = null;
    }
  }

  private static int utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
