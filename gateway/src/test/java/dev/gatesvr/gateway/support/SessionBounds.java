package dev.gatesvr.gateway.support;

import dev.gatesvr.gateway.config.SessionConfig;
import java.time.Duration;

/** The default bounds of sessions but for some; each method changes one. */
public record SessionBounds(SessionConfig config) {
  public static SessionBounds usual() {
    return new SessionBounds(SessionConfig.defaults());
  }

  /** Messages of one session's ring. */
  public SessionBounds ringMessages(int messages) {
    return with(
        messages, config.replayBytesMax(), config.replayBytesTotalMax(), config.slowTimeout());
  }

  /** Bytes of one session's ring. */
  public SessionBounds ringBytes(int bytes) {
    return with(
        config.replayMessagesMax(), bytes, config.replayBytesTotalMax(), config.slowTimeout());
  }

  /** Bytes of all rings together. */
  public SessionBounds totalBytes(long bytes) {
    return with(config.replayMessagesMax(), config.replayBytesMax(), bytes, config.slowTimeout());
  }

  public SessionBounds slowTimeout(Duration timeout) {
    return with(
        config.replayMessagesMax(), config.replayBytesMax(), config.replayBytesTotalMax(), timeout);
  }

  private SessionBounds with(int messages, int bytes, long totalBytes, Duration slowTimeout) {
    return new SessionBounds(
        new SessionConfig(
            config.sessionsMax(),
            messages,
            bytes,
            config.replayAgeMax(),
            totalBytes,
            slowTimeout,
            config.outstandingRequestsMax(),
            config.outstandingBytesMax(),
            config.boundNotifiesMax()));
  }
}
