package dev.gatesvr.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.CloseCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GatewayMetricsTest {
  private static final int THREADS = 4;
  private static final int RECORDS = 50_000;

  private final GatewayMetrics metrics = new GatewayMetrics();

  @Test
  void losesNoRecordOfShardsAndLoopsThatRunTogether() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      ShardTimings shard = metrics.forShard(i);
      threads.add(Thread.ofPlatform().start(() -> work(shard, done)));
    }
    while (!done.await(1, TimeUnit.MILLISECONDS)) {
      // Readers run all the while and must never see more than there is.
      assertThat(count(Stage.TOTAL)).isBetween(0L, (long) THREADS * RECORDS);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long all = (long) THREADS * RECORDS;
    assertThat(count(Stage.TOTAL)).isEqualTo(all);
    assertThat(count(Stage.PARSE)).isEqualTo(all);
    assertThat(count(Stage.ENCODE)).isEqualTo(all);
    assertThat(count(Stage.SEND)).isZero();
    assertThat(metrics.framesReceived()).isEqualTo(all);
    assertThat(metrics.bytesReceived()).isEqualTo(all * 10);
    assertThat(metrics.framesSent()).isEqualTo(all);
    assertThat(metrics.bytesSent()).isEqualTo(all * 20);
    assertThat(metrics.requests()).isEqualTo(all);
    assertThat(metrics.text(List.of()))
        .contains("gatesvr_request_duration_seconds_count 200000.0\n")
        .contains("gatesvr_request_duration_seconds_sum 400.0\n")
        .contains("gatesvr_request_duration_seconds_bucket{le=\"0.001\",} 0.0\n")
        .contains("gatesvr_request_duration_seconds_bucket{le=\"0.0025\",} 200000.0\n")
        .contains("gatesvr_request_duration_bucket{le=\"+Inf\",} 200000.0\n")
        .contains("gatesvr_requests_total{zone=\"003\",outcome=\"ok\",} 200000.0\n")
        .contains("gatesvr_total_requests 200000.0\n");
  }

  private void work(ShardTimings shard, CountDownLatch done) {
    for (int i = 0; i < RECORDS; i++) {
      metrics.observer().frameReceived(10, 1_000);
      metrics.requestStarted();
      shard.record(Stage.TOTAL, 2_000_000);
      metrics.requestFinished("003", 200, 2_000_000);
      metrics.observer().frameSent(20, 500);
    }
    done.countDown();
  }

  private long count(Stage stage) {
    return Objects.requireNonNull(metrics.latencies().get(stage)).getTotalCount();
  }

  @Test
  void countsRequestsByOutcomeOfTheirCode() {
    metrics.requestFinished("001", 0, 1);
    metrics.requestFinished("001", 404, 1);
    metrics.requestFinished("001", 429, 1);
    metrics.requestFinished("001", 503, 1);
    metrics.requestFinished("001", 504, 1);
    metrics.requestFinished("001", 500, 1);
    metrics.requestFinished("007", -9, 1);
    assertThat(metrics.requestErrors()).isEqualTo(6);
    String text = metrics.text(List.of());
    for (String outcome :
        List.of("ok", "rejected", "rate_limited", "unavailable", "deadline", "failed")) {
      assertThat(text)
          .contains("gatesvr_requests_total{zone=\"001\",outcome=\"" + outcome + "\",} 1.0\n");
    }
    assertThat(text).contains("gatesvr_requests_total{zone=\"none\",outcome=\"failed\",} 1.0\n");
  }

  @Test
  void knowsWhichConnectionsAreOpen() {
    metrics.connectionOpened("quic");
    metrics.connectionOpened("quic");
    metrics.connectionOpened("tcp");
    metrics.connectionClosed("quic", CloseCode.NORMAL);
    metrics.connectionClosed("tcp", CloseCode.SLOW_CONSUMER);
    metrics.connectionRefused("connections");
    assertThat(metrics.connectionsByTransport()).containsOnlyKeys("quic").containsEntry("quic", 1);
    assertThat(metrics.connectionsOpened()).isEqualTo(3);
    assertThat(metrics.connectionsRefused()).isEqualTo(1);
    assertThat(metrics.text(List.of()))
        .contains(
            "gatesvr_connections_closed_total{transport=\"tcp\",code=\"slow_consumer\",} 1.0\n");
  }

  @Test
  void keepsTheNewestErrorInOneShortLine() {
    assertThat(metrics.lastError()).isEmpty();
    metrics.error("first");
    metrics.error("  second\nwith a stack trace");
    assertThat(metrics.lastError()).isEqualTo("second");
    assertThat(metrics.errors()).isEqualTo(2);
    metrics.error("x".repeat(10_000));
    assertThat(metrics.lastError()).hasSize(256);
  }

  @Test
  void givesAShardItsOwnTimings() {
    assertThat(metrics.forShard(1)).isSameAs(metrics.forShard(1)).isNotSameAs(metrics.forShard(2));
    assertThatThrownBy(() -> metrics.forShard(-1)).hasMessage("shard: -1 (expected: 0 to 1023)");
  }
}
