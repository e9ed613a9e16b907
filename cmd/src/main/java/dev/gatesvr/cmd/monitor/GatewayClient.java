package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.operator.AdminPort;
import java.io.IOException;

/** Takes samples of a gateway from its operators' port. */
final class GatewayClient implements AutoCloseable {
  /** A screenful of sessions. */
  private static final int SESSIONS_SHOWN = 50;

  private final AdminPort port;

  /**
   * @param server {@code host:port}, {@code :port} for this machine, or an http URL
   */
  GatewayClient(String server) {
    try {
      port = new AdminPort(server, "");
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("-server: " + e.getMessage(), e);
    }
  }

  /**
   * Asks for every page once.
   *
   * @throws IOException in one line that names the gateway, when it does not answer as one
   */
  Sample sample(boolean withSessions) throws IOException, InterruptedException {
    // A gateway that is not ready says so with 503, and an older one knows nothing of pairs.
    JsonNode ready = port.get("/ready").body();
    JsonNode pair = port.get("/backup/stats").body();
    return new Sample(
        ready,
        pair,
        needed("/stats?limit=" + (withSessions ? SESSIONS_SHOWN : 1)),
        needed("/stats/connections"),
        needed("/performance"));
  }

  private JsonNode needed(String path) throws IOException, InterruptedException {
    AdminPort.Answer answer = port.get(path);
    if (!answer.ok()) {
      throw port.unexpected(path, answer.status());
    }
    return answer.body();
  }

  @Override
  public void close() {
    port.close();
  }
}
