package dev.gatesvr.gateway.auth.key;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * This gateway's keys, and those of the other gateway of its pair, so that a token of either opens
 * at both. New tokens are sealed with the own newest key. Thread-safe.
 */
public final class SharedKeys implements Supplier<KeyRing> {
  private final Supplier<KeyRing> own;
  private volatile List<NamedKey> others = List.of();

  // The newest ring and what it was made of, so that it is made once.
  private volatile Joined joined;

  private record Joined(KeyRing own, List<NamedKey> others, KeyRing ring) {}

  public SharedKeys(Supplier<KeyRing> own) {
    this.own = own;
    KeyRing first = own.get();
    this.joined = new Joined(first, List.of(), first);
  }

  /**
   * Opens with these too, in the place of those adopted before.
   *
   * @param lines one {@code id:base64} per line, newest first
   * @throws IllegalArgumentException when it is none
   */
  public void adopt(String lines) {
    others = KeyRing.parseFile(lines, NamedKey.AEAD_BYTES, NamedKey.AEAD_BYTES).keys();
  }

  /** All keys as {@link #adopt} takes them; secrets in the clear. */
  public String lines() {
    return get().keys().stream().map(NamedKey::line).collect(Collectors.joining("\n"));
  }

  @Override
  public KeyRing get() {
    KeyRing mine = own.get();
    List<NamedKey> theirs = others;
    Joined now = joined;
    if (!now.own.equals(mine) || !now.others.equals(theirs)) {
      now = new Joined(mine, theirs, join(mine, theirs));
      joined = now;
    }
    return now.ring;
  }

  /** The other's oldest give way when there are too many. */
  private static KeyRing join(KeyRing mine, List<NamedKey> theirs) {
    List<NamedKey> all = new ArrayList<>(mine.keys());
    Set<String> ids = new HashSet<>();
    mine.keys().forEach(key -> ids.add(key.id()));
    for (NamedKey key : theirs) {
      if (all.size() < KeyRing.KEYS_MAX && ids.add(key.id())) {
        all.add(key);
      }
    }
    return KeyRing.of(all);
  }
}
