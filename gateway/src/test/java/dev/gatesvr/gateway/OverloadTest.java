package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.UpstreamResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class OverloadTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void refusesConnectionsAboveTheLimitAndTakesThemAgainAfterOneLeft() {
    try (RunningGateway gateway =
        gatewayWith(new OverloadConfig(true, 2, 2, 1000, 1000, 1, 99, 99, LONG))) {
      RawPlayer first = gateway.login("10000");
      RawPlayer second = gateway.login("10001");
      RawPlayer third = gateway.connect();
      third.send(RequestType.REQUEST_HEARTBEAT, 0, HeartbeatRequest.getDefaultInstance());
      assertThat(third.closed().code()).isEqualTo(CloseCode.OVERLOADED);
      first.cut();
      gateway.login("15000");
      assertThat(second.open()).isTrue();
    }
  }

  @Test
  void refusesRequestsAboveTheRateButNeverHeartbeatsOrAcks() {
    try (RunningGateway gateway =
        gatewayWith(new OverloadConfig(true, 99, 99, 2, 2, 1, 99, 99, LONG))) {
      gateway.zone("003");
      RawPlayer player = gateway.login("10000");
      player.request("echo", "1");
      player.request("echo", "2");
      player.nextBody();
      player.nextBody();
      player.request(3, "echo", "3");
      ErrorMessage refusal = player.nextError();
      assertThat(refusal.getErrorCode()).isEqualTo(503);
      assertThat(refusal.getRetryAfterMs()).isPositive();
      assertThat(refusal.getRetrySameSeq()).isTrue();
      player.ack(2);
      player.send(RequestType.REQUEST_HEARTBEAT, 0, HeartbeatRequest.getDefaultInstance());
      assertThat(player.next().getType()).isEqualTo(PushType.PUSH_HEARTBEAT_RESP);
      assertThat(gateway.get("/stats").body()).contains("\"last_acked_seq\":2");
    }
  }

  @Test
  void holdsAnUpstreamPlaceUntilTheCallCompletes() throws Exception {
    try (RunningGateway gateway =
        gatewayWith(new OverloadConfig(true, 99, 99, 1000, 1000, 1, 1, 1, LONG))) {
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch reached = new CountDownLatch(1);
      gateway
          .zone("003")
          .answering(
              request -> {
                reached.countDown();
                return waitFor(release);
              });
      RawPlayer slow = gateway.login("10000");
      RawPlayer other = gateway.login("99999");
      slow.request("wait", "");
      reached.await();
      other.request(1, "echo", "");
      assertThat(other.nextError().getErrorMessage()).contains("too many upstream calls");
      release.countDown();
      slow.nextBody();
      other.request(1, "echo", "");
      assertThat(other.nextBody().getData().toStringUtf8()).isEqualTo("released");
    }
  }

  @Test
  void upstreamThatDoesNotAnswerInTimeIs504AndTheNextRequestRuns() {
    Duration deadline = Duration.ofMillis(300);
    try (RunningGateway gateway =
        gatewayWith(new OverloadConfig(true, 99, 99, 1000, 1000, 1, 9, 9, deadline))) {
      CountDownLatch never = new CountDownLatch(1);
      gateway
          .zone("003")
          .answering(
              request ->
                  request.getAction().equals("hang") ? waitFor(never) : RawZone.echo(request));
      RawPlayer player = gateway.login("10000");
      player.request("hang", "");
      player.request("echo", "next");
      assertThat(player.nextError().getErrorCode()).isEqualTo(504);
      assertThat(RawPlayer.body(player.next()).getData().toStringUtf8()).isEqualTo("next");
      never.countDown();
    }
  }

  private static RunningGateway gatewayWith(OverloadConfig config) {
    return RunningGateway.start(new RunningGateway.Settings().overload(config));
  }

  private static UpstreamResponse waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return RawZone.answer("released");
  }
}
