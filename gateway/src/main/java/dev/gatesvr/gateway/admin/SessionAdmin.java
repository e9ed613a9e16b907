package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.GatewayView.SessionView;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What operators find out about single sessions and do to them. Thread-safe; nothing blocks. */
public interface SessionAdmin {
  /** The sessions that a query names, in the order of their creation. */
  CompletionStage<SessionList> list(SessionQuery query);

  /**
   * Ends a session; its player is told and its connection closed.
   *
   * @param sessionId whose, or empty
   * @param openid whose, when there is no session id
   * @param detail what the player is told besides, may be empty
   * @return the session as it was, or nothing when there was none
   */
  CompletionStage<List<SessionDetail>> kick(String sessionId, String openid, String detail);

  /**
   * Which sessions are asked for; what is empty is not asked.
   *
   * @param zone "001" to "006"
   * @param after only sessions whose {@link SessionDetail#number} is higher
   * @param limit how many at most
   */
  record SessionQuery(String sessionId, String openid, String zone, long after, int limit) {}

  /**
   * @param total sessions alive, whatever was asked for
   * @param next what {@link SessionQuery#after} of the next page is, 0 when this was the last
   */
  record SessionList(int total, List<SessionDetail> sessions, long next) {}

  /**
   * One session at one moment, with what a list of thousands leaves out.
   *
   * @param number grows with the time of creation
   * @param rttMicros smoothed round trip of its heartbeats, 0 when none was measured
   */
  record SessionDetail(
      SessionView view, long number, int rttMicros, Map<String, String> attributes) {}
}
