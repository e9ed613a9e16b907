package dev.gatesvr.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.metrics.Stage;
import dev.gatesvr.proto.CloseCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

class MetricsServerTest {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z][a-z0-9_]*)(?:\\{((?:[a-z_]+=\"[^\"]*\",?)*)\\})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");
  private static final Set<String> LABELS_ALLOWED =
      Set.of(
          "zone",
          "outcome",
          "transport",
          "code",
          "reason",
          "kind",
          "result",
          "event",
          "stage",
          "resource",
          "role",
          "state",
          "le");

  private final FakeView view = new FakeView(2_345);
  private final FakePair pair = new FakePair();
  private final HttpClient client = HttpClient.newHttpClient();
  private MetricsServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        MetricsServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), view.metrics, view, pair);
    view.metrics.connectionOpened("quic");
    view.metrics.connectionClosed("quic", CloseCode.NORMAL);
    view.metrics.requestStarted();
    view.metrics.requestFinished("001", 200, 1_500_000);
    view.metrics.upstreamCall("001", "ok");
    view.metrics.push("unicast", "delivered");
    view.metrics.protocolError("too_large");
    view.metrics.forShard(0).record(Stage.TOTAL, 1_500_000);
    view.metrics.observer().frameReceived(100, 2_000);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private String url(String path) {
    return "http://localhost:" + server.localAddress().getPort() + path;
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url(path)))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private List<String> scrape() throws Exception {
    HttpResponse<String> response = send("GET", "/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body()).endsWith("\n");
    return response.body().lines().toList();
  }

  @Test
  void everyLineIsTextFormatAndEveryFamilyComesOnceWithItsType() throws Exception {
    Map<String, String> types = new HashMap<>();
    Set<String> series = new HashSet<>();
    String family = "";
    for (String line : scrape()) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        family = words[2];
        assertThat(words[3]).isIn("counter", "gauge", "histogram", "summary");
        assertThat(types.put(family, words[3])).as("second family %s", family).isNull();
      } else if (!line.startsWith("# HELP ")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        assertThat(familyOf(sample.group(1), types)).as(line).isEqualTo(family);
        assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).as(line).isTrue();
        assertThat(Double.parseDouble(sample.group(3).replace("+Inf", "Infinity"))).isNotNaN();
      }
    }
    assertThat(types)
        .containsEntry("gatesvr_total_requests", "counter")
        .containsEntry("gatesvr_upstream_requests", "counter")
        .containsEntry("gatesvr_request_duration", "histogram")
        .containsEntry("gatesvr_active_connections", "gauge")
        .containsKey("jvm_memory_bytes_used");
  }

  private static String familyOf(String sample, Map<String, String> types) {
    if (types.containsKey(sample)) {
      return sample;
    }
    String family = sample.replaceAll("_(bucket|count|sum|created)$", "");
    assertThat(types).containsKey(family);
    return family;
  }

  @Test
  void noLabelCanNameAPlayer() throws Exception {
    view.metrics.connectionOpened("player-17");
    view.metrics.requestFinished("player-17", 200, 1);
    view.metrics.upstreamCall("001", "session-17");
    view.metrics.push("unicast", "player-17");
    view.metrics.refusal("player-17");
    view.metrics.protocolError("player-17");
    for (String line : scrape()) {
      assertThat(line).doesNotContain("player-").doesNotContain("session-");
      if (line.startsWith("gatesvr_")) {
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
          assertThat(label.group(1)).as(line).isIn(LABELS_ALLOWED);
        }
      }
    }
  }

  @Test
  void gaugesAreTheViewAtTheMomentOfTheScrape() throws Exception {
    assertThat(scrape())
        .contains(
            "gatesvr_active_connections 17.0",
            "gatesvr_session_count 2345.0",
            "gatesvr_message_queue_size 7.0",
            "gatesvr_zone_distribution{zone=\"003\",} 2345.0",
            "gatesvr_zone_distribution{zone=\"001\",} 0.0",
            "gatesvr_zone_served{zone=\"001\",} 1.0",
            "gatesvr_zone_served{zone=\"002\",} 0.0",
            "gatesvr_connections{transport=\"tcp\",} 2.0",
            "gatesvr_limit{resource=\"qps\",} 2000.0",
            "gatesvr_warning_threshold{resource=\"upstream_concurrent\",} 80.0",
            "gatesvr_accepting 1.0",
            "gatesvr_total_requests 1.0",
            "gatesvr_upstream_requests 1.0",
            "gatesvr_frames_received_total 1.0",
            "gatesvr_request_duration_count 1.0");
    assertThat(scrape())
        .contains(
            "gatesvr_pair_role{role=\"primary\",} 1.0",
            "gatesvr_pair_role{role=\"standby\",} 0.0",
            "gatesvr_pair_partner{state=\"paired\",} 1.0",
            "gatesvr_pair_term 4.0",
            "gatesvr_pair_in_sync 2.0",
            "gatesvr_pair_peer_connected 1.0",
            "gatesvr_pair_peer_silence_seconds 0.012",
            "gatesvr_pair_witnesses 3.0",
            "gatesvr_pair_witnesses_connected 2.0",
            "gatesvr_pair_replication_lag_entries 5.0",
            "gatesvr_pair_replication_lag_bytes 1334.0",
            "gatesvr_pair_held_outputs 3.0",
            "gatesvr_pair_sessions{kind=\"live\",} 17.0",
            "# TYPE gatesvr_pair_failovers_total counter",
            "gatesvr_pair_failovers_total 1.0",
            "gatesvr_pair_switchovers_total 2.0",
            "gatesvr_pair_snapshots_total 6.0",
            "gatesvr_pair_resyncs_total 7.0",
            "gatesvr_pair_digest_mismatches_total 8.0",
            "gatesvr_pair_last_failover_seconds 0.0415");
    pair.status = PairStatus.SINGLE;
    assertThat(scrape())
        .contains("gatesvr_pair_role{role=\"single\",} 1.0", "gatesvr_pair_term 0.0");
    view.sessionCount = 1;
    view.accepting = false;
    assertThat(scrape()).contains("gatesvr_session_count 1.0", "gatesvr_accepting 0.0");
  }

  @Test
  void histogramsGrowFromBucketToBucketUpToTheirCount() throws Exception {
    Map<String, Double> last = new HashMap<>();
    Map<String, Double> counts = new HashMap<>();
    for (String line : scrape()) {
      Matcher sample = SAMPLE.matcher(line);
      if (sample.matches() && sample.group(1).endsWith("_bucket")) {
        String key =
            sample.group(1).replace("_bucket", "")
                + sample.group(2).replaceAll("le=\"[^\"]*\",?", "");
        double value = Double.parseDouble(sample.group(3));
        assertThat(value).as(line).isGreaterThanOrEqualTo(last.getOrDefault(key, 0.0));
        last.put(key, value);
      } else if (sample.matches()
          && sample.group(1).endsWith("_count")
          && sample.group(1).startsWith("gatesvr_")) {
        String labels = sample.group(2) == null ? "" : sample.group(2);
        counts.put(
            sample.group(1).replace("_count", "") + labels, Double.parseDouble(sample.group(3)));
      }
    }
    assertThat(last).containsEntry("gatesvr_request_duration", 1.0);
    counts.remove("gatesvr_session");
    assertThat(new TreeMap<>(counts)).isEqualTo(new TreeMap<>(last));
  }

  @Test
  void theDocumentNamesExactlyWhatIsExported() throws Exception {
    Map<String, String> exported = new TreeMap<>();
    for (String line : scrape()) {
      if (line.startsWith("# TYPE gatesvr_")) {
        exported.put(line.split(" ")[2], line.split(" ")[3]);
      }
    }
    Map<String, String> documented = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
      if (line.startsWith("| `gatesvr_")) {
        List<String> cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        documented.put(cells.get(1).replaceAll("[`]|\\{.*", ""), cells.get(2));
      }
    }
    assertThat(documented).isEqualTo(exported);
  }

  @Test
  void answersHeadAndNothingElse() throws Exception {
    HttpResponse<String> head = send("HEAD", "/metrics");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(send("GET", "/").statusCode()).isEqualTo(404);
    assertThat(send("GET", "/stats").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
  }

  static boolean curlExists() {
    return Files.isExecutable(Path.of("/usr/bin/curl"));
  }

  @Test
  @EnabledIf("curlExists")
  void curlReadsItToo() throws Exception {
    Process curl =
        new ProcessBuilder("/usr/bin/curl", "-sS", "--noproxy", "*", "-i", url("/metrics"))
            .redirectErrorStream(true)
            .start();
    String text = new String(curl.getInputStream().readAllBytes(), UTF_8);
    assertThat(curl.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(text).startsWith("HTTP/1.1 200 OK").contains("gatesvr_active_connections 17.0\n");
    assertThat(curl.exitValue()).isZero();
  }
}
