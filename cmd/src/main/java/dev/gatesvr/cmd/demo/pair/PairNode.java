package dev.gatesvr.cmd.demo.pair;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.demo.DemoException;
import dev.gatesvr.cmd.demo.DemoProcess;
import dev.gatesvr.cmd.operator.AdminPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One gateway of the pair, started, killed and started again. Not thread-safe. */
final class PairNode implements AutoCloseable {
  private static final Pattern BANNER = Pattern.compile("http://(\\S+)/stats");
  private static final Duration POLL = Duration.ofMillis(5);

  private final PairFleet fleet;
  private final NodeConfig config;
  private final Path file;
  private int starts;
  private @Nullable DemoProcess process;
  private @Nullable AdminPort admin;

  PairNode(PairFleet fleet, NodeConfig config, Path file) {
    this.fleet = fleet;
    this.config = config;
    this.file = file;
  }

  /** Where players reach it. */
  String quic() {
    return config.own().quic();
  }

  /** Starts the process; {@link #awaitBound} waits for it. */
  void start() {
    starts++;
    process = fleet.startGateway("ha-gateway-" + config.node() + "-" + starts, file);
  }

  void awaitBound(long deadlineNanos) throws InterruptedException {
    closeAdmin();
    admin = new AdminPort(process().awaitLine(BANNER, deadlineNanos).group(1), "");
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    fleet.kill(process());
  }

  /** Waits until it leads and the other is in sync. */
  void awaitPaired(long deadlineNanos) throws InterruptedException {
    while (!paired()) {
      pause("is not one of a pair", deadlineNanos);
    }
  }

  boolean paired() throws InterruptedException {
    JsonNode stats = get("/backup/stats").body();
    return stats.path("role").asText().equals("primary")
        && stats.path("partner").asText().equals("paired");
  }

  /** Waits until it serves players. */
  void awaitReady(long deadlineNanos) throws InterruptedException {
    while (!get("/ready").ok()) {
      pause("does not serve", deadlineNanos);
    }
  }

  /**
   * Hands the lead over.
   *
   * @return how long the gateway says it stood still, in milliseconds
   */
  double switchOver() throws InterruptedException {
    try {
      AdminPort.Answer answer = admin().post("/backup/switch");
      if (!answer.ok()) {
        throw new DemoException("switchover: " + answer.status() + " " + answer.body());
      }
      return answer.body().path("stall_ms").asDouble();
    } catch (IOException e) {
      throw new DemoException("switchover: " + e.getMessage(), e);
    }
  }

  private void pause(String what, long deadlineNanos) throws InterruptedException {
    if (System.nanoTime() > deadlineNanos) {
      String stats = get("/backup/stats").body().toString();
      throw new DemoException("gateway " + config.node() + " " + what + " in time: " + stats);
    }
    Thread.sleep(POLL);
  }

  private AdminPort.Answer get(String path) throws InterruptedException {
    try {
      return admin().get(path);
    } catch (IOException e) {
      throw new DemoException("gateway " + config.node() + ": " + e.getMessage(), e);
    }
  }

  private DemoProcess process() {
    if (process == null) {
      throw new IllegalStateException("not started");
    }
    return process;
  }

  private AdminPort admin() {
    if (admin == null) {
      throw new IllegalStateException("not bound");
    }
    return admin;
  }

  private void closeAdmin() {
    if (admin != null) {
      admin.close();
    }
  }

  @Override
  public void close() {
    closeAdmin();
  }
}
