package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** Asks a gateway's operators' port. */
final class GatewayClient implements AutoCloseable {
  /** A screenful of sessions. */
  private static final int SESSIONS_SHOWN = 50;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String server;
  private final URI root;

  /**
   * @param server {@code host:port}, {@code :port} for this machine, or an http URL
   */
  GatewayClient(String server) {
    this.server = server;
    String authority = server.startsWith(":") ? "localhost" + server : server;
    try {
      root = URI.create(authority.contains("://") ? authority : "http://" + authority);
    } catch (IllegalArgumentException e) {
      throw unusable(server);
    }
    if (root.getHost() == null || !"http".equals(root.getScheme())) {
      throw unusable(server);
    }
  }

  private static IllegalArgumentException unusable(String server) {
    return new IllegalArgumentException(
        "-server: \"" + server + "\" (expected: host:port, such as localhost:8080)");
  }

  /**
   * Asks for every page once.
   *
   * @throws IOException in one line that names the gateway, when it does not answer as one
   */
  Sample sample(boolean withSessions) throws IOException, InterruptedException {
    return new Sample(
        get("/ready"),
        get("/stats?limit=" + (withSessions ? SESSIONS_SHOWN : 1)),
        get("/stats/connections"),
        get("/performance"));
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response;
    try {
      response =
          http.send(
              HttpRequest.newBuilder(root.resolve(path)).timeout(ANSWER_TIMEOUT).build(),
              BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException(server + " does not answer: no connection", e);
    } catch (HttpTimeoutException e) {
      throw new IOException(server + " does not answer: timed out", e);
    } catch (IOException e) {
      throw new IOException(server + " does not answer: " + e.getMessage(), e);
    }
    // A gateway that is not ready says so with 503, and why in JSON.
    if (response.statusCode() != 200 && !path.equals("/ready")) {
      throw new IOException(
          server + " is no gateway: " + path + " answered " + response.statusCode());
    }
    try {
      return mapper.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(server + " is no gateway: " + path + " is no JSON", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
