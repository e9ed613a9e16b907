package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.upstream.route.Printable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one request changes in the attributes of its session; the last change of a name counts.
 * Thread-safe. At most {@link #CHANGES_MAX} names of one request.
 */
final class AttributeChanges {
  /** As many as a session may have. */
  static final int CHANGES_MAX = Limits.ATTRIBUTES_MAX;

  /** No name is in both. */
  private final Map<String, SessionAttribute> set = new LinkedHashMap<>();

  private final Set<String> removed = new LinkedHashSet<>();
  private boolean closed;

  /**
   * @param ttl zero keeps it as long as the session
   */
  void set(String name, String value, Duration ttl) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Limits.ATTRIBUTE_VALUE_BYTES_MAX) {
      throw new IllegalArgumentException(
          "value of attribute "
              + Printable.quoted(name)
              + ": "
              + bytes
              + " bytes (expected: <= "
              + Limits.ATTRIBUTE_VALUE_BYTES_MAX
              + ")");
    }
    if (ttl.isNegative() || (!ttl.isZero() && ttl.toMillis() == 0)) {
      throw new IllegalArgumentException("ttl: " + ttl + " (expected: zero, or >= 1 ms)");
    }
    SessionAttribute attribute =
        SessionAttribute.newBuilder()
            .setName(name)
            .setValue(value)
            .setTtlMs(ttl.toMillis())
            .build();
    synchronized (this) {
      claim(name);
      var unused = set.put(name, attribute);
    }
  }

  synchronized void remove(String name) {
    claim(name);
    removed.add(name);
  }

  /** Takes back an earlier change of the name, and checks that there is room for this one. */
  private void claim(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > Limits.ATTRIBUTE_NAME_BYTES_MAX || Printable.hasControls(name)) {
      throw new IllegalArgumentException(
          "attribute name: "
              + Printable.quoted(name)
              + " (expected: 1 to "
              + Limits.ATTRIBUTE_NAME_BYTES_MAX
              + " bytes, no control characters)");
    }
    if (closed) {
      throw new IllegalStateException("the handler has returned (expected: before that)");
    }
    boolean before = set.remove(name) != null || removed.remove(name);
    if (!before && set.size() + removed.size() >= CHANGES_MAX) {
      throw new IllegalStateException("more than " + CHANGES_MAX + " attributes in one request");
    }
  }

  /** Adds the changes to the response; there are none after that. */
  synchronized void closeInto(UpstreamResponse.Builder response) {
    closed = true;
    response.addAllSetAttributes(set.values()).addAllRemoveAttributes(removed);
  }
}
