package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionDetail;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionList;
import dev.gatesvr.gateway.admin.SessionAdmin.SessionQuery;
import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.admin.http.Request;
import dev.gatesvr.gateway.admin.http.RequestException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * {@code /sessions} and everything below it: list and find, one session, kick. The work is done by
 * the shards in their own time.
 */
final class SessionsPage implements Page {
  private static final String ROOT = "/sessions";
  private static final String BELOW = ROOT + "/";
  private static final String KICK = "/kick";
  private static final int LIMIT_DEFAULT = 100;

  /** Each may have four kilobytes of attributes. */
  private static final int LIMIT_MAX = 1_000;

  private static final int ID_CHARS_MAX = 128;
  private static final int DETAIL_CHARS_MAX = 200;
  private static final long TIMEOUT_SECONDS = 10;
  private static final List<String> CHANGE = List.of("POST");

  private final SessionAdmin sessions;
  private final AdminAccess access;

  SessionsPage(SessionAdmin sessions, AdminAccess access) {
    this.sessions = sessions;
    this.access = access;
  }

  private record Listed(int totalSessions, List<Session> sessions, String next, String timestamp) {}

  private record Kicked(boolean kicked, String sessionId, String openid) {}

  private record Session(
      String sessionId,
      String openid,
      String zone,
      String createTime,
      String lastActivity,
      int pendingCount,
      String remoteAddr,
      String transport,
      OrderedQueue orderedQueue,
      double rttMs,
      Map<String, String> attributes) {

    static Session of(SessionDetail detail) {
      SessionView view = detail.view();
      return new Session(
          view.sessionId(),
          view.openid(),
          view.zone(),
          Json.time(view.createTimeMillis()),
          Json.time(view.lastActivityMillis()),
          view.pendingCount(),
          view.remoteAddr(),
          view.transport(),
          new OrderedQueue(
              view.nextExpectedSeq(), view.lastSentSeq(), view.lastAckedSeq(), view.queueSize()),
          Json.rounded(detail.rttMicros() / 1e3),
          detail.attributes());
    }
  }

  private record OrderedQueue(
      long nextExpectedSeq, long lastSentSeq, long lastAckedSeq, int queueSize) {}

  @Override
  public List<String> methods(String path) {
    return path.startsWith(BELOW) && path.endsWith(KICK) ? CHANGE : READ;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    String path = request.path();
    if (path.equals(ROOT)) {
      return answered(sessions.list(query(request)), SessionsPage::listed);
    }
    if (path.endsWith(KICK)) {
      access.check(request.caller());
      return kick(request);
    }
    String id = path.substring(BELOW.length());
    checkId(path, id);
    return answered(
        sessions.list(new SessionQuery(id, "", "", 0, 1)),
        found -> {
          if (found.sessions().isEmpty()) {
            throw unknown("session", id);
          }
          return Json.reply(200, Session.of(found.sessions().getFirst()));
        });
  }

  private static SessionQuery query(Request request) {
    String zone = request.textParameter("zone", ID_CHARS_MAX);
    if (!zone.isEmpty() && !zone.matches("00[1-6]")) {
      throw new RequestException(400, "zone: " + zone + " (expected: 001 to 006)");
    }
    return new SessionQuery(
        request.textParameter("session", ID_CHARS_MAX),
        request.textParameter("openid", ID_CHARS_MAX),
        zone,
        request.longParameter("after", 0, 0, Long.MAX_VALUE),
        request.intParameter("limit", LIMIT_DEFAULT, 1, LIMIT_MAX));
  }

  private static Reply listed(SessionList list) {
    return Json.reply(
        200,
        new Listed(
            list.total(),
            list.sessions().stream().map(Session::of).toList(),
            list.next() == 0 ? "" : Long.toString(list.next()),
            Json.time(System.currentTimeMillis())));
  }

  /** {@code /sessions/ID/kick}, or {@code /sessions/kick?openid=}. */
  private CompletionStage<Reply> kick(Request request) {
    String path = request.path();
    String openid = request.textParameter("openid", ID_CHARS_MAX);
    String detail = request.textParameter("detail", DETAIL_CHARS_MAX);
    String id =
        path.equals(ROOT + KICK)
            ? ""
            : path.substring(BELOW.length(), path.length() - KICK.length());
    if (!id.isEmpty()) {
      checkId(path, id);
    } else if (openid.isEmpty()) {
      throw new RequestException(400, "openid: missing (expected: /sessions/kick?openid=...)");
    }
    return answered(
        sessions.kick(id, openid, detail),
        kicked -> {
          if (kicked.isEmpty()) {
            throw id.isEmpty() ? unknown("openid", openid) : unknown("session", id);
          }
          SessionView was = kicked.getFirst().view();
          return Json.reply(200, new Kicked(true, was.sessionId(), was.openid()));
        });
  }

  private static void checkId(String path, String id) {
    if (id.isEmpty() || id.length() > ID_CHARS_MAX || id.indexOf('/') >= 0) {
      throw new RequestException(404, "path: " + path + " (no such page)");
    }
  }

  private static RequestException unknown(String what, String name) {
    return new RequestException(404, what + ": " + name + " (no such session)");
  }

  private static <T> CompletionStage<Reply> answered(
      CompletionStage<T> asked, Function<T, Reply> reply) {
    return asked
        .toCompletableFuture()
        .copy()
        .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .handle(
            (result, failure) -> {
              if (failure instanceof TimeoutException) {
                throw new RequestException(
                    503, "sessions: no answer within " + TIMEOUT_SECONDS + " s");
              }
              if (failure != null) {
                throw new IllegalStateException("a shard failed", failure);
              }
              return reply.apply(result);
            });
  }
}
