package dev.gatesvr.gateway.auth.key;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys, newest first: the newest seals, every one opens. Immutable. */
public final class KeyRing {
  /** More than a rotation ever needs at once; a longer list is a mistake. */
  public static final int KEYS_MAX = 64;

  private final List<NamedKey> keys;
  private final Map<String, NamedKey> byId = new LinkedHashMap<>();

  private KeyRing(List<NamedKey> keys) {
    this.keys = List.copyOf(keys);
    for (NamedKey key : keys) {
      if (byId.put(key.id(), key) != null) {
        throw new IllegalArgumentException("each key id once; " + key.id() + " is there twice");
      }
    }
  }

  /**
   * A ring of these keys.
   *
   * @param keys newest first, 1 to {@value #KEYS_MAX}, no name twice
   * @throws IllegalArgumentException whose message is what was expected
   */
  public static KeyRing of(List<NamedKey> keys) {
    if (keys.isEmpty() || keys.size() > KEYS_MAX) {
      throw new IllegalArgumentException("1 to " + KEYS_MAX + " keys, here are " + keys.size());
    }
    return new KeyRing(keys);
  }

  /**
   * Reads a list of {@code id:base64}.
   *
   * @throws IllegalArgumentException whose message names the number of the entry and what was
   *     expected of it, never the entry
   */
  public static KeyRing parse(List<String> entries, int bytesMin, int bytesMax) {
    List<NamedKey> keys = new ArrayList<>();
    for (String entry : entries) {
      try {
        keys.add(NamedKey.parse(entry, bytesMin, bytesMax));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("key " + (keys.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return of(keys);
  }

  /**
   * Reads a key file: one {@code id:base64} per line, newest first; empty lines and those that
   * begin with {@code #} are passed over.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static KeyRing parseFile(String text, int bytesMin, int bytesMax) {
    return parse(
        text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList(),
        bytesMin,
        bytesMax);
  }

  public NamedKey newest() {
    return keys.getFirst();
  }

  @Nullable NamedKey find(String id) {
    return byId.get(id);
  }

  /** All keys, newest first. */
  public List<NamedKey> keys() {
    return keys;
  }

  /** The names only, newest first. */
  @Override
  public String toString() {
    return "KeyRing" + byId.keySet();
  }
}
