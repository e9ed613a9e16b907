package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.testkit.LeakWatch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who lives is heard, who is not heard is closed, over real sockets. */
@ExtendWith(LeakWatch.class)
class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int MISSES_MAX = 4;

  private final RunningGateway gateway =
      RunningGateway.start(
          new RunningGateway.Settings().heartbeatInterval(INTERVAL).heartbeatMissesMax(MISSES_MAX));

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void aClientThatSaysNothingIsClosedAndOneThatBeatsIsNot() throws Exception {
    AtomicInteger losses = new AtomicInteger();
    try (GatewayClient beating =
        GatewayClient.builder()
            .server("127.0.0.1:" + gateway.gateway().quicAddress().getPort())
            .openid("10001")
            .trust(gateway.certificate().certFile())
            .onStateChanged(
                (state, why) -> {
                  if (state == ClientState.BACKOFF) {
                    losses.incrementAndGet();
                  }
                })
            .connect()) {
      beating.whenReady().get(20, TimeUnit.SECONDS);
      long begin = System.nanoTime();
      RawPlayer silent = gateway.connect();
      silent.start(StartRequest.newBuilder().setOpenid("10000").setProtocolLevel(1));
      assertThat(silent.closed().code()).isEqualTo(CloseCode.DEAD_PEER);
      // QUIC itself gives up after ten seconds at the earliest.
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(INTERVAL.multipliedBy(MISSES_MAX), Duration.ofSeconds(10));
      assertThat(beating.state()).isEqualTo(ClientState.READY);
      assertThat(losses).hasValue(0);
      RunningGateway.eventually(() -> rttMillis("10001") > 0);
      assertThat(rttMillis("10001")).isLessThan(5_000);
      assertThat(beating.rtt()).isPositive();
    }
  }

  private double rttMillis(String openid) {
    try {
      return new ObjectMapper()
          .readTree(gateway.get("/sessions?openid=" + openid).body())
          .at("/sessions/0/rtt_ms")
          .asDouble();
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
