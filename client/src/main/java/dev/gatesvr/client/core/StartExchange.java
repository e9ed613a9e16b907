package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import org.jspecify.annotations.Nullable;

/**
 * What START says, and what its answer leaves behind: the resume token and the epoch.
 *
 * <pre>
 *   begin() -- a resume token is kept --&gt; RESUME -- refused: the token is forgotten --+
 *      |                                                                              |
 *      +------ none is kept ------------&gt; LOGIN &lt;-------------------------------------+
 * </pre>
 *
 * So a connection carries at most two STARTs. A resume token is single use at the gateway, but the
 * one that was presented stays good until the client has shown that it got the next; here the
 * newest simply replaces the older.
 */
final class StartExchange {
  /** Sends a refused request again under its sequence, and understands signals. */
  private static final int PROTOCOL_LEVEL = 1;

  private final Player player;
  private final InboundHistory history;
  private ByteString resumeToken = ByteString.EMPTY;
  private long epoch;

  /** What the newest START of this connection said was handled. */
  private long position;

  /** Null while the application has not been asked, or has not answered. */
  private @Nullable String loginToken;

  StartExchange(Player player, InboundHistory history) {
    this.player = player;
    this.history = history;
  }

  /** There is another connection. */
  void begin() {
    loginToken =
        switch (player.credential()) {
          case Credential.Fixed fixed -> fixed.token();
          case Credential.Asked asked -> null;
        };
  }

  /** True when START would log in, and what proves the login is missing. */
  boolean needsLoginToken() {
    return !resuming() && loginToken == null;
  }

  /** The application gave what proves the login. */
  void onLoginToken(String token) {
    loginToken = token;
  }

  /** The START to send now. */
  StartRequest request() {
    position = history.handled();
    StartRequest.Builder start =
        StartRequest.newBuilder()
            .setOpenid(player.openid())
            .setLastAckedSeqId(position)
            .setProtocolLevel(PROTOCOL_LEVEL)
            .setEpoch(epoch)
            .setResumeToken(resumeToken);
    if (loginToken != null) {
      start.setAuthToken(loginToken);
    }
    return start.build();
  }

  /**
   * A START for the second connection: it resumes the session, or is refused; it never logs in.
   *
   * @param warm not now, but once that gateway has taken over
   */
  StartRequest resume(boolean warm) {
    return StartRequest.newBuilder()
        .setOpenid(player.openid())
        .setLastAckedSeqId(history.handled())
        .setProtocolLevel(PROTOCOL_LEVEL)
        .setEpoch(epoch)
        .setResumeToken(resumeToken)
        .setWarm(warm)
        .build();
  }

  /** True when START presents a resume token. */
  boolean resuming() {
    return !resumeToken.isEmpty();
  }

  /** The resume token is not good: what follows is a login, which still names its history. */
  void onTokenRefused() {
    resumeToken = ByteString.EMPTY;
  }

  /** A heartbeat's answer brought a fresh resume token, or none. */
  void onHeartbeat(ByteString freshToken) {
    if (!freshToken.isEmpty()) {
      resumeToken = freshToken;
    }
  }

  /** The history cannot be continued: the next START names none. */
  void forget() {
    resumeToken = ByteString.EMPTY;
    epoch = 0;
    history.restarted();
  }

  /** The newest {@link #request} was accepted. */
  Accepted onAccepted(StartResponse response) {
    return onAccepted(response, position);
  }

  /**
   * A START was accepted.
   *
   * @param position what it said was handled
   */
  Accepted onAccepted(StartResponse response, long position) {
    Continuity continuity = Continuity.of(response, epoch, position);
    boolean signals = !response.getResumeToken().isEmpty();
    boolean namedHistory = epoch != 0 || position != 0;
    epoch = response.getEpoch();
    resumeToken = response.getResumeToken();
    return new Accepted(
        continuity,
        position,
        Continuity.isExtended(response),
        signals,
        signals && namedHistory && continuity == Continuity.LOST);
  }

  /**
   * What an accepted START means.
   *
   * @param position what START said was handled
   * @param extended the gateway speaks more than GateSvr's wire
   * @param signals it also gives tokens, sends signals, and reads acknowledgements on any message
   * @param reasonFollows it says next why the history ended
   */
  record Accepted(
      Continuity continuity,
      long position,
      boolean extended,
      boolean signals,
      boolean reasonFollows) {}
}
