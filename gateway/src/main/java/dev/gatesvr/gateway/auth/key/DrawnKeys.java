package dev.gatesvr.gateway.auth.key;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keys that are drawn at random, replaced by themselves and known to nobody else; they end with the
 * process. A key seals for one rotation and opens until the last token under it has expired.
 * Thread-safe; needs no thread: whoever asks after a rotation is due makes it.
 */
public final class DrawnKeys implements Supplier<KeyRing> {
  private static final int ID_BYTES = 6;

  /**
   * One key.
   *
   * @param sealsUntil when the next one takes its place
   */
  private record Drawn(NamedKey key, Instant sealsUntil) {}

  private record Snapshot(List<Drawn> drawn, KeyRing ring) {}

  private final SecureRandom random = new SecureRandom();
  private final InstantSource clock;
  private final Duration rotation;
  private final Duration tokenTtl;
  private volatile Snapshot snapshot;

  /**
   * Draws the first key.
   *
   * @param rotation how long a key seals; at least {@code tokenTtl} / 32
   * @param tokenTtl how long what it sealed is opened
   */
  public DrawnKeys(InstantSource clock, Duration rotation, Duration tokenTtl) {
    if (rotation.multipliedBy(KeyRing.KEYS_MAX / 2).compareTo(tokenTtl) < 0) {
      throw new IllegalArgumentException(
          "rotation: " + rotation + " (expected: at least 1/32 of " + tokenTtl + ")");
    }
    this.clock = clock;
    this.rotation = rotation;
    this.tokenTtl = tokenTtl;
    this.snapshot = after(List.of(), clock.instant());
  }

  @Override
  public KeyRing get() {
    Snapshot current = snapshot;
    Instant now = clock.instant();
    return isDue(current, now) ? rotated(now).ring() : current.ring();
  }

  /** The lock is held for the microseconds that drawing takes, once per rotation. */
  private synchronized Snapshot rotated(Instant now) {
    if (isDue(snapshot, now)) {
      snapshot = after(snapshot.drawn(), now);
    }
    return snapshot;
  }

  private static boolean isDue(Snapshot current, Instant now) {
    return !now.isBefore(current.drawn().getFirst().sealsUntil());
  }

  private Snapshot after(List<Drawn> before, Instant now) {
    List<Drawn> drawn = new ArrayList<>();
    drawn.add(new Drawn(draw(), now.plus(rotation)));
    before.stream()
        .filter(old -> now.isBefore(old.sealsUntil().plus(tokenTtl)))
        .forEach(drawn::add);
    return new Snapshot(List.copyOf(drawn), KeyRing.of(drawn.stream().map(Drawn::key).toList()));
  }

  private NamedKey draw() {
    byte[] id = new byte[ID_BYTES];
    byte[] secret = new byte[NamedKey.AEAD_BYTES];
    random.nextBytes(id);
    random.nextBytes(secret);
    return new NamedKey(HexFormat.of().formatHex(id), secret);
  }
}
