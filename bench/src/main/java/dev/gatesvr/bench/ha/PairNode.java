package dev.gatesvr.bench.ha;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.bench.ratio.ServerProcess;
import dev.gatesvr.bench.ratio.Servers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway that keeps its ports, in which one process after the other lives. Used by one thread.
 */
final class PairNode implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration COMMAND_PATIENCE = Duration.ofSeconds(15);

  private final String name;
  private final Servers servers;
  private final boolean measured;
  private final String quic;
  private final String grpc;
  private final String http;
  private final String link;
  private final Map<String, String> settings = new HashMap<>();
  private @Nullable ServerProcess process;
  private int starts;

  /**
   * @param name of its logs, and its {@code server_id} in a pair
   * @param measured false for one that shares the core of the load
   */
  PairNode(String name, Servers servers, Ports ports, boolean measured) throws IOException {
    this.name = name;
    this.servers = servers;
    this.measured = measured;
    quic = ports.next();
    grpc = ports.next();
    http = ports.next();
    link = ports.next();
    settings.put("GATESVR_QUIC_ADDR", quic);
    settings.put("GATESVR_GRPC_ADDR", grpc);
    settings.put("GATESVR_HTTP_ADDR", http);
  }

  /** Makes it one of a pair. */
  void join(PairNode other, String pair, boolean founds, String mode, String witnesses) {
    settings.put("GATESVR_BACKUP_ENABLED", "true");
    settings.put("GATESVR_BACKUP_MODE", founds ? "primary" : "backup");
    settings.put("GATESVR_BACKUP_SERVER_ID", name);
    settings.put("GATESVR_BACKUP_PAIR", pair);
    settings.put("GATESVR_BACKUP_PLAYER_ADDR", quic);
    settings.put("GATESVR_BACKUP_REPLICATION", mode);
    settings.put("GATESVR_BACKUP_SYNC_LISTEN_ADDR", link);
    settings.put("GATESVR_BACKUP_SYNC_PEER_ADDR", other.link);
    settings.put("GATESVR_BACKUP_LINK_PRIVATE_NETWORK", "true");
    settings.put("GATESVR_BACKUP_WITNESSES", witnesses);
  }

  /** More of its environment. */
  void set(Map<String, String> more) {
    settings.putAll(more);
  }

  String name() {
    return name;
  }

  /** Where players connect to. */
  String quic() {
    return quic;
  }

  /** Where upstreams register. */
  String grpc() {
    return grpc;
  }

  /** Starts a process; {@link #status} tells when it is there. */
  void start() throws IOException {
    starts++;
    process = servers.gateway(name + "-" + starts, settings, measured);
  }

  ServerProcess process() {
    if (process == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return process;
  }

  /** What it says now; null while it does not answer. */
  @Nullable NodeStatus status() throws IOException, InterruptedException {
    if (!process().alive()) {
      return null;
    }
    try {
      return NodeStatus.of(JSON.readTree(send("GET", "/backup/stats", PATIENCE).body()));
    } catch (IOException e) {
      return null;
    }
  }

  /**
   * Asks the primary to hand the lead over.
   *
   * @throws IOException when it does not happen
   */
  void switchOver() throws IOException, InterruptedException {
    HttpResponse<String> answer = send("POST", "/backup/switch", COMMAND_PATIENCE);
    if (answer.statusCode() != 200) {
      throw new IOException(
          "switchover at " + name + ": " + answer.statusCode() + " " + answer.body());
    }
  }

  private HttpResponse<String> send(String method, String path, Duration patience)
      throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://" + http + path))
            .timeout(patience)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
  }
}
