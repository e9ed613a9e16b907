package dev.gatesvr.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the gateways say of themselves, asked again and again: who leads in which term, and who was
 * in sync. Checks on the way that no term has two leaders, that terms only rise, and that nobody
 * leads who was not in the latest inSync that was seen. Thread-safe; one thread per gateway.
 */
final class Roles implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMillis(500);
  private static final Duration PAGE_TIMEOUT = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 50;

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private final List<Node> nodes;
  private final Map<String, Seen> newest = new ConcurrentHashMap<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();
  private final Map<Long, String> leaders = new TreeMap<>();
  private final Map<Long, Set<String>> inSync = new TreeMap<>();
  private volatile boolean running = true;

  /**
   * One answer of {@code /backup/stats}.
   *
   * @param version of the register, as this gateway knows it
   */
  record Seen(
      long askedNanos,
      String incarnation,
      String role,
      String partner,
      long version,
      long term,
      String leader,
      Set<String> inSync,
      long digestMismatches,
      long live) {
    boolean primary() {
      return role.equals("primary");
    }

    /** The primary of a pair of which both hold everything. */
    boolean whole() {
      return primary() && partner.equals("paired");
    }
  }

  Roles(List<Node> nodes) {
    this.nodes = nodes;
    for (Node node : nodes) {
      Thread.ofPlatform().daemon().name("chaos-roles-" + node.id()).start(() -> watch(node));
    }
  }

  private void watch(Node node) {
    while (running) {
      if (node.up() && !node.http().isEmpty()) {
        look(node);
      } else {
        newest.remove(node.id());
      }
      Patience.pause(POLL_MILLIS);
    }
  }

  private void look(Node node) {
    long askedNanos = System.nanoTime();
    try {
      JsonNode all = json.readTree(get("http://" + node.http() + "/backup/stats", TIMEOUT));
      Set<String> synced = new TreeSet<>();
      all.path("register").path("in_sync").forEach(name -> synced.add(name.asText()));
      Seen seen =
          new Seen(
              askedNanos,
              all.path("incarnation").asText(),
              all.path("role").asText(),
              all.path("partner").asText(),
              all.path("register").path("version").asLong(),
              all.path("register").path("term").asLong(),
              all.path("register").path("leader").asText(),
              synced,
              all.path("replication").path("digest_mismatches").asLong(),
              all.path("sessions").path("live").asLong());
      Seen before = newest.put(node.id(), seen);
      check(node, before, seen);
    } catch (IOException e) {
      newest.remove(node.id());
    }
  }

  /** A page of a gateway. */
  String get(String url) throws IOException {
    return get(url, PAGE_TIMEOUT);
  }

  private String get(String url, Duration timeout) throws IOException {
    try {
      return http.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(timeout).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Sends a command; returns status and body in one line. */
  String post(Node node, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + node.http() + path))
            .timeout(Duration.ofSeconds(15))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body().strip();
    } catch (IOException e) {
      return "failed: " + e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private synchronized void check(Node node, @Nullable Seen before, Seen seen) {
    if (seen.version() == 0) {
      return;
    }
    String other = leaders.putIfAbsent(seen.term(), seen.leader());
    if (other != null && !other.equals(seen.leader())) {
      once("term " + seen.term() + " has two leaders: " + other + ", " + seen.leader());
    }
    if (before != null
        && before.incarnation().equals(seen.incarnation())
        && before.version() > seen.version()) {
      once(node.id() + " fell back to version " + seen.version() + " of the register");
    }
    Set<String> previous = inSync.get(seen.version() - 1);
    inSync.putIfAbsent(seen.version(), seen.inSync());
    if (previous != null && !previous.contains(seen.leader()) && anyAlive(previous)) {
      once(seen.leader() + " leads and was not in sync: " + previous);
    }
    if (seen.digestMismatches() > 0) {
      once(node.id() + " counts digests that differ");
    }
  }

  private void once(String mistake) {
    if (!mistakes.contains(mistake)) {
      mistakes.add(mistake);
    }
  }

  /** Where all who held everything are gone, one may lead with empty hands. */
  private boolean anyAlive(Set<String> incarnations) {
    return newest.values().stream().anyMatch(seen -> incarnations.contains(seen.incarnation()));
  }

  /** The newest answer, or null while it gives none. */
  @Nullable Seen of(Node node) {
    return newest.get(node.id());
  }

  /** Who says that it leads, in the highest term; null when nobody does. */
  @Nullable Node primary() {
    Node found = null;
    long term = -1;
    for (Node node : nodes) {
      Seen seen = of(node);
      if (seen != null && seen.primary() && seen.term() > term) {
        found = node;
        term = seen.term();
      }
    }
    return found;
  }

  /** Both are there, one leads, and both hold everything. */
  boolean whole() {
    int primaries = 0;
    int standbys = 0;
    for (Node node : nodes) {
      Seen seen = of(node);
      if (seen != null && seen.whole()) {
        primaries++;
      } else if (seen != null && seen.role().equals("standby")) {
        standbys++;
      }
    }
    return primaries == 1 && standbys == nodes.size() - 1;
  }

  /** The highest term seen. */
  synchronized long term() {
    return leaders.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** What both say now, in one line. */
  String text() {
    List<String> parts = new ArrayList<>();
    for (Node node : nodes) {
      Seen seen = of(node);
      parts.add(
          node.id()
              + (seen == null
                  ? " silent"
                  : " " + seen.role() + "/" + seen.partner() + " term " + seen.term()));
    }
    return String.join(", ", parts);
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  @Override
  public void close() {
    running = false;
    http.shutdownNow();
  }
}
