package dev.gatesvr.gateway.admin.http;

import java.time.Duration;

/**
 * What one listener puts up with.
 *
 * @param connectionsMax open at once; more are closed as they come, for this is no public port
 * @param requestTimeout from a request's first byte, or the connection, to its last byte: a client
 *     that sends a byte now and then (slow loris) holds a connection no longer than this
 * @param idleTimeout between two requests of one connection
 * @param answerTimeout from a request to the last byte of its answer; above the longest profile
 * @param lineBytesMax the request line
 * @param headerBytesMax all headers of a request
 * @param bodyBytesMax of a request; no page wants one, but a client may send an empty form
 */
public record HttpLimits(
    int connectionsMax,
    Duration requestTimeout,
    Duration idleTimeout,
    Duration answerTimeout,
    int lineBytesMax,
    int headerBytesMax,
    int bodyBytesMax) {

  public static HttpLimits defaults() {
    return new HttpLimits(
        64,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(120),
        4_096,
        16_384,
        8_192);
  }
}
