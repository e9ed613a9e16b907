package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.metrics.Stage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.HdrHistogram.Histogram;

/** What the operators' pages know of a running gateway. Thread-safe; nothing here blocks. */
public interface GatewayView {
  /** Counters since the start, read without stopping anybody. */
  Totals totals();

  /** Service times in nanoseconds since the start, by stage; the histograms are copies. */
  Map<Stage, Histogram> latencies();

  /** Zones with at least one upstream, in order, such as {@code ["001", "004"]}. */
  List<String> servedZones();

  /** Every registered upstream instance, by zone, with what its last GetStatus said. */
  List<UpstreamView> upstreams();

  /** Whether every listener is bound and the gateway is not stopping. */
  boolean accepting();

  /** Messages that sessions dropped so far and told their clients of as a gap, by reason. */
  default Map<String, Long> droppedMessages() {
    return Map.of();
  }

  /**
   * One page of the sessions, oldest first.
   *
   * @param offset how many to skip
   * @param limit how many at most
   */
  CompletionStage<SessionPage> sessions(int offset, int limit);

  /** Connections open now, by transport. */
  Map<String, Integer> connectionsByTransport();

  /** Sessions alive now, by zone. */
  Map<String, Integer> sessionsByZone();

  /** What is kept for players without a session. */
  default OfflineTotals offline() {
    return OfflineTotals.NONE;
  }

  /** What overload protection refuses and warns at. */
  OverloadConfig limits();

  /**
   * @param activeConnections open now
   * @param totalConnections ever accepted
   * @param refusedConnections turned away by overload protection
   * @param sessions alive now, attached or resumable
   * @param messagesReceived frames from players
   * @param messagesSent frames to players
   * @param bytesReceived frame bytes from players
   * @param bytesSent frame bytes to players
   * @param requests BUSINESS requests that ran or were refused
   * @param errors of those, the ones that ended in an error
   * @param queuedMessages sent or waiting, not yet acknowledged, over all sessions
   * @param queuedBytes their bytes
   * @param upstreamInFlight upstream calls running now
   * @param qps BUSINESS requests per second over the sliding window
   * @param startTimeMillis Unix milliseconds
   * @param uptimeNanos since the start, monotonic
   * @param lastError the newest error in one line, empty when there was none
   */
  record Totals(
      long activeConnections,
      long totalConnections,
      long refusedConnections,
      long sessions,
      long messagesReceived,
      long messagesSent,
      long bytesReceived,
      long bytesSent,
      long requests,
      long errors,
      long queuedMessages,
      long queuedBytes,
      long upstreamInFlight,
      double qps,
      long startTimeMillis,
      long uptimeNanos,
      String lastError) {}

  /**
   * @param players for whom something is kept
   * @param messages kept for all of them
   * @param bytes of these messages
   */
  record OfflineTotals(int players, int messages, long bytes) {
    static final OfflineTotals NONE = new OfflineTotals(0, 0, 0);
  }

  /**
   * @param address where it listens
   * @param serviceName what it calls itself, may be empty
   * @param generation counts registrations; grows when it registers again
   * @param status its own word, {@code unknown} before the first answer, {@code silent} while it
   *     does not answer
   * @param uptimeSeconds its own count
   * @param detail why it does not answer, else empty
   */
  record UpstreamView(
      String zone,
      String address,
      String serviceName,
      long generation,
      String status,
      long uptimeSeconds,
      String detail) {}

  /**
   * @param total sessions alive when the page was cut
   * @param sessions the page
   */
  record SessionPage(int total, List<SessionView> sessions) {}

  /**
   * One session at one moment.
   *
   * @param createTimeMillis Unix milliseconds
   * @param lastActivityMillis Unix milliseconds
   * @param pendingCount requests accepted and not yet answered
   * @param remoteAddr empty while no connection is attached
   * @param transport empty while no connection is attached
   * @param nextExpectedSeq the client's next BUSINESS seq_id
   * @param lastSentSeq newest seq_id handed to the connection
   * @param lastAckedSeq newest seq_id the client acknowledged
   * @param queueSize messages kept for sending or replay
   */
  record SessionView(
      String sessionId,
      String openid,
      String zone,
      long createTimeMillis,
      long lastActivityMillis,
      int pendingCount,
      String remoteAddr,
      String transport,
      long nextExpectedSeq,
      long lastSentSeq,
      long lastAckedSeq,
      int queueSize) {}
}
