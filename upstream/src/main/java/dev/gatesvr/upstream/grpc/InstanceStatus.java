package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.UpstreamInstance;

/**
 * What the last GetStatus of an instance said.
 *
 * @param instance who was asked
 * @param status its own word, such as {@code healthy}; empty when it did not answer
 * @param uptimeSeconds its own count, 0 when it did not answer
 * @param activeConnections its own count, 0 when it did not answer
 * @param silentInRow how many of the last probes went unanswered, 0 when it answered
 * @param unreachableInRow how many of them found no connection
 * @param detail why it did not answer, else empty
 */
public record InstanceStatus(
    UpstreamInstance instance,
    String status,
    long uptimeSeconds,
    int activeConnections,
    int silentInRow,
    int unreachableInRow,
    String detail) {

  /** True when the last probe was answered. */
  public boolean answered() {
    return silentInRow == 0;
  }
}
