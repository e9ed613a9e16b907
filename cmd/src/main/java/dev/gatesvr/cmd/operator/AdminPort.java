package dev.gatesvr.cmd.operator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;

/** A gateway's operators' port, asked over HTTP. Blocks; not for event loops. */
public final class AdminPort implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** Longer than the gateway itself waits for anything. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final String server;
  private final String token;
  private final URI root;

  /**
   * @param server {@code host:port}, {@code :port} for this machine, or an http URL
   * @param token {@code admin.token}, empty for none
   * @throws IllegalArgumentException whose message is the value and what was expected
   */
  public AdminPort(String server, String token) {
    this.server = server;
    this.token = token;
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
        '"' + server + "\" (expected: host:port, such as localhost:8080)");
  }

  /**
   * What a page answered.
   *
   * @param body always JSON
   */
  public record Answer(int status, JsonNode body) {
    public boolean ok() {
      return status == 200;
    }

    /** What the gateway says is wrong, empty when it says nothing. */
    public String error() {
      return Terminal.safe(body.path("error").asText());
    }
  }

  /**
   * Reads a page.
   *
   * @throws IOException in one line that names the gateway, when it does not answer as one
   */
  public Answer get(String path) throws IOException, InterruptedException {
    return send(path, "GET");
  }

  /** Sends a command, with the token where there is one. */
  public Answer post(String path) throws IOException, InterruptedException {
    return send(path, "POST");
  }

  private Answer send(String path, String method) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path))
            .timeout(ANSWER_TIMEOUT)
            .method(method, BodyPublishers.noBody());
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw new IOException(server + " does not answer: no connection", e);
    } catch (HttpTimeoutException e) {
      throw new IOException(server + " does not answer: timed out", e);
    } catch (IOException e) {
      throw new IOException(server + " does not answer: " + e.getMessage(), e);
    }
    try {
      return new Answer(response.statusCode(), mapper.readTree(response.body()));
    } catch (JsonProcessingException e) {
      throw new IOException(server + " is no gateway: " + path + " is no JSON", e);
    }
  }

  /** The same failure for every page that should have been there. */
  public IOException unexpected(String path, int status) {
    return new IOException(server + " is no gateway: " + path + " answered " + status);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
