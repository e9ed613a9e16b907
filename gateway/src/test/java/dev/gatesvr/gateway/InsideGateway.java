package dev.gatesvr.gateway;

import dev.gatesvr.gateway.shard.Away;
import dev.gatesvr.gateway.shard.PlayerSession;
import org.jspecify.annotations.Nullable;

/** What no peer can make a gateway do. */
public final class InsideGateway {
  private InsideGateway() {}

  /**
   * Sends one player away as a gateway that stops does: GO_AWAY, then close 521. The session stays.
   */
  public static void sendAway(Gateway gateway, String openid) {
    @Nullable PlayerSession session = gateway.directory().ofOpenid(openid);
    if (session != null) {
      session.shard().execute(() -> Away.send(session));
    }
  }
}
