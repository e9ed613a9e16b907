package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.proto.SessionEntry;
import dev.gatesvr.proto.SessionOp;
import dev.gatesvr.session.SessionState;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whole sessions, each as it is when it is asked for; those that ended meanwhile are left out. */
final class SessionSnapshot implements Iterator<LogEntry> {
  private final Iterator<PlayerSession> players;
  private final LongSupplier nanoTime;
  private @Nullable PlayerSession next;

  SessionSnapshot(List<PlayerSession> players, LongSupplier nanoTime) {
    this.players = players.iterator();
    this.nanoTime = nanoTime;
  }

  @Override
  public boolean hasNext() {
    while (next == null || next.core().state() == SessionState.ENDED) {
      if (!players.hasNext()) {
        return false;
      }
      next = players.next();
    }
    return true;
  }

  @Override
  public LogEntry next() {
    PlayerSession player = hasNext() ? next : null;
    if (player == null) {
      throw new NoSuchElementException("no session is left");
    }
    next = null;
    return LogEntry.newBuilder()
        .setSession(
            SessionEntry.newBuilder()
                .setSession(player.number())
                .addOps(SessionOp.newBuilder().setWhole(player.capture(nanoTime.getAsLong()))))
        .build();
  }
}
