package dev.gatesvr.gateway.replica;

import dev.gatesvr.proto.SessionAttribute;
import dev.gatesvr.proto.SessionState;
import dev.gatesvr.session.Session;
import java.util.LinkedHashMap;
import java.util.Map;

/** One session on the standby: its names, its replica, and what is kept beside it. */
public final class StandbySession {
  private final long number;
  private final String sessionId;
  private final String openid;
  private final long createdMillis;
  private final Session session;

  /** Most sessions have none. */
  private Map<String, SessionAttribute> attributes = Map.of();

  StandbySession(SessionState state, Session session) {
    this.number = state.getNumber();
    this.sessionId = state.getSessionId();
    this.openid = state.getOpenid();
    this.createdMillis = state.getCreatedUnixMs();
    this.session = session;
    state.getAttributesList().forEach(this::set);
  }

  public long number() {
    return number;
  }

  public String sessionId() {
    return sessionId;
  }

  public String openid() {
    return openid;
  }

  /** Unix milliseconds of the primary's clock. */
  public long createdMillis() {
    return createdMillis;
  }

  public Session session() {
    return session;
  }

  /** With the time to live that they had when they were set. */
  public Iterable<SessionAttribute> attributes() {
    return attributes.values();
  }

  void set(SessionAttribute attribute) {
    if (attributes.isEmpty()) {
      attributes = new LinkedHashMap<>(4);
    }
    attributes.put(attribute.getName(), attribute);
  }

  void remove(String name) {
    if (attributes.containsKey(name)) {
      attributes.remove(name);
    }
  }
}
