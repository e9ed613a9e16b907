package dev.gatesvr.gateway.shard;

import dev.gatesvr.upstream.route.ZoneId;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Finds a session by OpenID or session id from any thread. Written only by the shards, each for its
 * own sessions. Bounded by {@code sessionsMax}: a claim beyond it is refused.
 */
public final class SessionDirectory {
  private final ConcurrentHashMap<String, PlayerSession> byOpenid = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, PlayerSession> bySessionId = new ConcurrentHashMap<>();
  private final AtomicIntegerArray byZone = new AtomicIntegerArray(ZoneId.COUNT);
  private final int sessionsMax;

  public SessionDirectory(int sessionsMax) {
    this.sessionsMax = sessionsMax;
  }

  /** The live session of the player, or null. */
  public @Nullable PlayerSession ofOpenid(String openid) {
    return byOpenid.get(openid);
  }

  /** The live session with the id, or null. */
  public @Nullable PlayerSession ofSessionId(String sessionId) {
    return bySessionId.get(sessionId);
  }

  /** Sessions alive. */
  public int size() {
    return byOpenid.size();
  }

  /** Live sessions of a zone. */
  public int size(ZoneId zone) {
    return byZone.get(zone.number() - 1);
  }

  /** Every live session; weakly consistent. */
  public Collection<PlayerSession> all() {
    return byOpenid.values();
  }

  boolean full() {
    return byOpenid.size() >= sessionsMax;
  }

  /**
   * Enters a new session.
   *
   * @return the session that another shard entered first for the same player, or null when this one
   *     is now the player's
   */
  @Nullable PlayerSession claim(PlayerSession session) {
    PlayerSession winner = byOpenid.putIfAbsent(session.openid(), session);
    if (winner == null) {
      bySessionId.put(session.sessionId(), session);
      byZone.incrementAndGet(session.zone().number() - 1);
    }
    return winner;
  }

  void remove(PlayerSession session) {
    bySessionId.remove(session.sessionId(), session);
    if (byOpenid.remove(session.openid(), session)) {
      byZone.decrementAndGet(session.zone().number() - 1);
    }
  }
}
