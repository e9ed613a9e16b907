package dev.gatesvr.backup.link;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about attempts that failed: at most one a second, and the same one at most once a
 * minute. Confined to the pair's loop.
 */
final class Complaints {
  private static final Logger LOG = LoggerFactory.getLogger("dev.gatesvr.backup.link");
  private static final long PAUSE_NANOS = 1_000_000_000;
  private static final long SAME_PAUSE_NANOS = 60_000_000_000L;

  private final String subject;
  private String last = "";
  private long lastNanos;
  private long unsaid;

  /** Complaints that begin with {@code subject}. */
  Complaints(String subject) {
    this.subject = subject;
  }

  void say(Object peer, LinkEnd end, String reason) {
    long now = System.nanoTime();
    String complaint = end + ": " + reason;
    long pause = complaint.equals(last) ? SAME_PAUSE_NANOS : PAUSE_NANOS;
    if (!last.isEmpty() && now - lastNanos < pause) {
      unsaid++;
      return;
    }
    LOG.warn("{} {}: {} ({} more before this)", subject, peer, complaint, unsaid);
    last = complaint;
    lastNanos = now;
    unsaid = 0;
  }
}
