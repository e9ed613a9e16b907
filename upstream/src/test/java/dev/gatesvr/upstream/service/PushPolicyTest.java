package dev.gatesvr.upstream.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.PushOutcome;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.upstream.service.PushResult.Outcome;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PushPolicyTest {
  private static final Notice NOTICE = Notice.of("score", "Score", "7:5");

  @Test
  void theGatewayIsToldWhatMayGiveWay() throws Exception {
    try (ServiceRig rig = new ServiceRig()) {
      Gateways gateways = rig.start(rig.builder()).gateways();
      gateways.pushToPlayer("player-1", NOTICE).toCompletableFuture().get(9, TimeUnit.SECONDS);
      gateways
          .pushToPlayer("player-1", NOTICE.droppable())
          .toCompletableFuture()
          .get(9, TimeUnit.SECONDS);
      gateways
          .pushToPlayer("player-1", NOTICE.latest("score"))
          .toCompletableFuture()
          .get(9, TimeUnit.SECONDS);
      gateways.broadcast(NOTICE.latest("all")).toCompletableFuture().get(9, TimeUnit.SECONDS);
      assertThat(rig.gateway().port().pushes())
          .extracting(UnicastPushRequest::getPolicy)
          .containsExactly(
              PushPolicy.POLICY_RELIABLE, PushPolicy.POLICY_DROPPABLE, PushPolicy.POLICY_LATEST);
      assertThat(rig.gateway().port().pushes())
          .extracting(UnicastPushRequest::getKey)
          .containsExactly("", "", "score");
      assertThat(rig.gateway().port().broadcasts())
          .extracting(BroadcastRequest::getKey)
          .containsExactly("all");
    }
  }

  @Test
  void aKeyIsShortAndBelongsToLatest() {
    assertThat(NOTICE.latest("a").droppable().key()).isEmpty();
    assertThat(NOTICE.latest("ä".repeat(32)).key()).hasSize(32);
    assertThatThrownBy(() -> NOTICE.latest("")).hasMessageContaining("key: \"\"");
    assertThatThrownBy(() -> NOTICE.latest("ä".repeat(33))).hasMessageContaining("1 to 64 bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "true, PUSH_DELIVERED, '', DELIVERED",
    "true, PUSH_QUEUED, '', QUEUED",
    "true, PUSH_BOUND, '', BOUND",
    "true, PUSH_STORED, stored, STORED",
    "false, PUSH_REFUSED, full, REFUSED",
    "true, PUSH_OUTCOME_UNKNOWN, delivered, DELIVERED",
    "true, PUSH_OUTCOME_UNKNOWN, queued, QUEUED",
    "true, PUSH_OUTCOME_UNKNOWN, bound, BOUND",
    "true, PUSH_OUTCOME_UNKNOWN, sent, ACCEPTED",
    "false, PUSH_OUTCOME_UNKNOWN, delivered, REFUSED",
    "false, PUSH_DELIVERED, '', REFUSED",
    "true, PUSH_REFUSED, '', REFUSED",
  })
  void theOutcomeIsTheGatewaysAlsoOfAnOlderOne(
      boolean success, PushOutcome said, String message, Outcome outcome) {
    PushResult result =
        PushResult.of(
            "gw",
            UnicastPushResponse.newBuilder()
                .setSuccess(success)
                .setOutcome(said)
                .setMessage(message)
                .setErrorCode("CODE")
                .build());
    assertThat(result).isEqualTo(new PushResult(outcome, "gw", message, "CODE"));
    assertThat(result.accepted()).isEqualTo(outcome != Outcome.REFUSED);
  }

  @Test
  void whatTheGatewayStoredIsToldThroughGrpc() throws Exception {
    try (ServiceRig rig = new ServiceRig()) {
      rig.gateway()
          .port()
          .answerWith(
              UnicastPushResponse.newBuilder()
                  .setSuccess(true)
                  .setOutcome(PushOutcome.PUSH_STORED)
                  .build());
      PushResult result =
          rig.start(rig.builder())
              .gateways()
              .pushToPlayer("away", NOTICE)
              .toCompletableFuture()
              .get(9, TimeUnit.SECONDS);
      assertThat(result.outcome()).isEqualTo(Outcome.STORED);
      assertThat(result.accepted()).isTrue();
    }
  }
}
