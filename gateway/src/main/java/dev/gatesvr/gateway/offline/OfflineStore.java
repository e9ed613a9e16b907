package dev.gatesvr.gateway.offline;

import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages for players without a session, bounded per player and in all. Thread-safe: a player
 * belongs to one of {@value #STRIPES} stripes, whose lock is held for one player's queue, or by
 * {@link #sweep} for the heads of one stripe. Time is an argument: monotonic nanoseconds.
 */
public final class OfflineStore {
  /** A sweep looks at one of them, so it holds a lock for a few hundred players at a time. */
  static final int STRIPES = 64;

  private final OfflineConfig config;
  private final OfflineObserver observer;
  private final List<Map<String, Waiting>> stripes = new ArrayList<>(STRIPES);
  private final AtomicInteger players = new AtomicInteger();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger nextSwept = new AtomicInteger();

  public OfflineStore(OfflineConfig config, OfflineObserver observer) {
    this.config = config;
    this.observer = observer;
    for (int i = 0; i < STRIPES; i++) {
      stripes.add(new HashMap<>());
    }
  }

  /** False when nothing is ever kept. */
  public boolean enabled() {
    return config.enabled();
  }

  /**
   * Keeps a message behind what the player has. The caller looks at the directory again afterwards.
   *
   * @param message everything but its position
   * @param delivery what may give way; bound to nothing
   * @throws IllegalStateException when nothing is kept here
   */
  public StoreVerdict add(String openid, ServerPush message, Delivery delivery, long nowNanos) {
    if (!enabled()) {
      throw new IllegalStateException("offline.enabled: false (expected: true)");
    }
    StoredPush push = StoredPush.of(message, delivery, nowNanos + config.ttl().toNanos());
    if (push.bytes() > config.bytesPerPlayer()
        || message.getSerializedSize() + Limits.POSITION_BYTES_MAX > Limits.FRAME_BYTES_MAX) {
      return StoreVerdict.TOO_LARGE;
    }
    Map<String, Waiting> stripe = stripe(openid);
    synchronized (stripe) {
      Waiting waiting = stripe.get(openid);
      if (waiting != null) {
        expire(waiting, nowNanos);
        return addTo(waiting, push) ? StoreVerdict.STORED : full(stripe, openid, waiting);
      }
      return addFirst(stripe, openid, push) ? StoreVerdict.STORED : StoreVerdict.FULL;
    }
  }

  /**
   * Hands over everything of a player that is not expired, in order; afterwards the store has
   * nothing of it. Call on the loop of the player's session, once it is in the directory.
   */
  public List<StoredPush> take(String openid, long nowNanos) {
    Map<String, Waiting> stripe = stripe(openid);
    synchronized (stripe) {
      Waiting waiting = stripe.get(openid);
      if (waiting == null) {
        return List.of();
      }
      expire(waiting, nowNanos);
      List<StoredPush> all = waiting.takeAll();
      count(-all.size(), -sum(all));
      forget(stripe, openid);
      return all;
    }
  }

  /**
   * Takes back what a session had no room for, before anything that came meanwhile. The bounds may
   * be passed by this much, for what was accepted is not dropped.
   *
   * @param rest the end of what {@link #take} handed over
   */
  public void putBack(String openid, List<StoredPush> rest) {
    if (rest.isEmpty()) {
      return;
    }
    Map<String, Waiting> stripe = stripe(openid);
    synchronized (stripe) {
      Waiting waiting = stripe.get(openid);
      if (waiting == null) {
        waiting = new Waiting();
        stripe.put(openid, waiting);
        players.incrementAndGet();
      }
      waiting.addFirst(rest);
      count(rest.size(), sum(rest));
    }
  }

  /**
   * Drops what is expired in the next stripe; a round of {@value #STRIPES} calls sees everybody.
   */
  public void sweep(long nowNanos) {
    Map<String, Waiting> stripe = stripes.get(Math.floorMod(nextSwept.getAndIncrement(), STRIPES));
    synchronized (stripe) {
      stripe
          .values()
          .removeIf(
              waiting -> {
                expire(waiting, nowNanos);
                boolean empty = waiting.messages() == 0;
                if (empty) {
                  players.decrementAndGet();
                }
                return empty;
              });
    }
  }

  /** Players for whom something is kept. */
  public int players() {
    return players.get();
  }

  /** Messages kept; expired ones count until they are swept. */
  public int messages() {
    return messages.get();
  }

  /** Their bytes. */
  public long bytes() {
    return bytes.get();
  }

  // ---------------------------------------------------------------- under a stripe's lock

  private boolean addFirst(Map<String, Waiting> stripe, String openid, StoredPush push) {
    if (players.incrementAndGet() > config.playersMax() || !reserve(push.bytes())) {
      players.decrementAndGet();
      return false;
    }
    Waiting waiting = new Waiting();
    waiting.add(push);
    messages.incrementAndGet();
    stripe.put(openid, waiting);
    return true;
  }

  private boolean addTo(Waiting waiting, StoredPush push) {
    List<StoredPush> replaced = waiting.replacedBy(push);
    int messagesOver = waiting.messages() + 1 - replaced.size() - config.messagesPerPlayer();
    long growth = push.bytes() - sum(replaced);
    long bytesOver = waiting.bytes() + growth - config.bytesPerPlayer();
    List<StoredPush> dropped = List.of();
    if (messagesOver > 0 || bytesOver > 0) {
      dropped = waiting.droppable(messagesOver, bytesOver);
      if (dropped.size() < messagesOver || sum(dropped) < bytesOver) {
        return false;
      }
    }
    if (!reserve(growth - sum(dropped))) {
      return false;
    }
    waiting.removeAll(replaced);
    waiting.removeAll(dropped);
    waiting.add(push);
    messages.addAndGet(1 - replaced.size() - dropped.size());
    if (!replaced.isEmpty()) {
      observer.replaced(replaced.size());
    }
    if (!dropped.isEmpty()) {
      observer.dropped(dropped.size());
    }
    return true;
  }

  /** A refusal leaves no empty queue behind. */
  private StoreVerdict full(Map<String, Waiting> stripe, String openid, Waiting waiting) {
    if (waiting.messages() == 0) {
      forget(stripe, openid);
    }
    return StoreVerdict.FULL;
  }

  private void forget(Map<String, Waiting> stripe, String openid) {
    if (stripe.remove(openid) != null) {
      players.decrementAndGet();
    }
  }

  private void expire(Waiting waiting, long nowNanos) {
    long before = waiting.bytes();
    int expired = waiting.expire(nowNanos);
    if (expired > 0) {
      count(-expired, waiting.bytes() - before);
      observer.expired(expired);
    }
  }

  /** Takes room for {@code more} bytes in all, which may be negative; false when there is none. */
  private boolean reserve(long more) {
    if (more <= 0) {
      bytes.addAndGet(more);
      return true;
    }
    if (bytes.addAndGet(more) > config.bytesMax()) {
      bytes.addAndGet(-more);
      return false;
    }
    return true;
  }

  private void count(int moreMessages, long moreBytes) {
    messages.addAndGet(moreMessages);
    bytes.addAndGet(moreBytes);
  }

  private static long sum(List<StoredPush> pushes) {
    return pushes.stream().mapToLong(StoredPush::bytes).sum();
  }

  private Map<String, Waiting> stripe(String openid) {
    int hash = openid.hashCode();
    return stripes.get((hash ^ (hash >>> 16)) & (STRIPES - 1));
  }
}
