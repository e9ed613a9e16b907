package dev.gatesvr.gateway;

import dev.gatesvr.gateway.admin.SessionAdmin;
import dev.gatesvr.gateway.shard.PlayerSession;
import dev.gatesvr.gateway.shard.SessionDirectory;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.upstream.route.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of a running gateway, for operators. Thread-safe. A page is picked on the asking
 * thread; each shard then looks at its own in slices of {@value #SLICE}.
 */
final class LiveSessions implements SessionAdmin {
  private static final Logger log = LoggerFactory.getLogger(LiveSessions.class);
  private static final int SLICE = 64;

  private final SessionDirectory directory;

  LiveSessions(SessionDirectory directory) {
    this.directory = directory;
  }

  @Override
  public CompletionStage<SessionList> list(SessionQuery query) {
    List<PlayerSession> found =
        candidates(query)
            .filter(session -> session.number() > query.after() && matches(session, query))
            .sorted(Comparator.comparingLong(PlayerSession::number))
            .limit(query.limit() + 1L)
            .toList();
    boolean more = found.size() > query.limit();
    List<PlayerSession> page = more ? found.subList(0, query.limit()) : found;
    long next = more ? page.getLast().number() : 0;
    return details(page).thenApply(list -> new SessionList(directory.size(), list, next));
  }

  private Stream<PlayerSession> candidates(SessionQuery query) {
    if (!query.sessionId().isEmpty()) {
      return Stream.ofNullable(directory.ofSessionId(query.sessionId()));
    }
    return query.openid().isEmpty()
        ? directory.all().stream()
        : Stream.ofNullable(directory.ofOpenid(query.openid()));
  }

  private static boolean matches(PlayerSession session, SessionQuery query) {
    return (query.openid().isEmpty() || query.openid().equals(session.openid()))
        && (query.zone().isEmpty() || query.zone().equals(session.zone().toString()));
  }

  private static CompletableFuture<List<SessionDetail>> details(List<PlayerSession> page) {
    List<CompletableFuture<List<SessionDetail>>> slices = new ArrayList<>();
    Map<SessionShard, List<PlayerSession>> byShard = new HashMap<>();
    for (PlayerSession session : page) {
      byShard.computeIfAbsent(session.shard(), shard -> new ArrayList<>()).add(session);
    }
    byShard.forEach(
        (shard, own) -> {
          for (int from = 0; from < own.size(); from += SLICE) {
            List<PlayerSession> slice = own.subList(from, Math.min(from + SLICE, own.size()));
            // Always a task of its own, so that other work of the loop runs between two slices.
            slices.add(CompletableFuture.supplyAsync(() -> shard.details(slice), shard.loop()));
          }
        });
    return CompletableFuture.allOf(slices.toArray(CompletableFuture[]::new))
        .thenApply(
            done ->
                slices.stream()
                    .flatMap(slice -> slice.join().stream())
                    .sorted(Comparator.comparingLong(SessionDetail::number))
                    .toList());
  }

  @Override
  public CompletionStage<List<SessionDetail>> kick(String sessionId, String openid, String detail) {
    PlayerSession player =
        sessionId.isEmpty() ? directory.ofOpenid(openid) : directory.ofSessionId(sessionId);
    return player == null
        ? CompletableFuture.completedStage(List.of())
        : CompletableFuture.supplyAsync(() -> kickNow(player, detail), player.shard().loop());
  }

  /** On the session's shard; it may have ended on the way there. */
  private static List<SessionDetail> kickNow(PlayerSession player, String detail) {
    List<SessionDetail> was = player.shard().details(List.of(player));
    if (!was.isEmpty()) {
      player.kick(Kicked.Reason.OPERATOR, detail);
      log.info(
          "session {} of player {} kicked by an operator: {}",
          player.sessionId(),
          Printable.quoted(player.openid()),
          Printable.quoted(detail));
    }
    return was;
  }
}
