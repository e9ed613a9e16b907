package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.gateway.support.SessionBounds;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.testkit.LeakWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A player who does not read, and a process that keeps as much as it may; over real sockets. */
@ExtendWith(LeakWatch.class)
class SlowPlayerTest {
  /** Both in zone 003, so that one upstream serves both. */
  private static final String SLOW = "10000";

  private static final String OTHER = "99999";
  private static final int RING_BYTES = 1 << 20;
  private static final int PUSH_BYTES = 32 << 10;
  private static final int PUSHES_MAX = 2_000;
  private static final Duration SLOW_TIMEOUT = Duration.ofSeconds(3);
  private static final long TOTAL_BYTES = 2L << 20;

  private final RunningGateway gateway =
      RunningGateway.start(new RunningGateway.Settings().ioThreads(1).session(bounds()));
  private final RawZone zone = gateway.zone("003");

  private static SessionConfig bounds() {
    return SessionBounds.usual()
        .ringBytes(RING_BYTES)
        .totalBytes(TOTAL_BYTES)
        .slowTimeout(SLOW_TIMEOUT)
        .config();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static StartRequest.Builder start(String openid) {
    return StartRequest.newBuilder().setOpenid(openid).setProtocolLevel(1);
  }

  private UnicastPushResponse push(String openid, int number, PushPolicy policy) {
    return zone.push(openid, Integer.toString(number), PUSH_BYTES, policy);
  }

  @Test
  void onlyTheSlowPlayerIsAffectedAndItGetsAllThatIsKept() throws Exception {
    RawPlayer slow = gateway.connect();
    StartResponse started = slow.start(start(SLOW));
    RawPlayer other = gateway.login(OTHER);
    slow.connection().loop().execute(() -> slow.connection().reading(false));
    int number = 0;
    while (!push(SLOW, ++number, PushPolicy.POLICY_RELIABLE).getMessage().equals("queued")) {
      assertThat(number).as("pushes that its connection takes").isLessThan(PUSHES_MAX);
    }
    int reliable = number;
    // These are never refused: the older ones give way.
    for (int i = 0; i < 60; i++) {
      assertThat(push(SLOW, ++number, PushPolicy.POLICY_DROPPABLE).getSuccess()).isTrue();
      assertThat(gateway.gauge("gatesvr_message_queue_bytes")).isLessThanOrEqualTo(RING_BYTES);
      serves(other, i);
    }
    List<Integer> late = new ArrayList<>();
    UnicastPushResponse answer = push(SLOW, ++number, PushPolicy.POLICY_RELIABLE);
    while (answer.getSuccess()) {
      late.add(number);
      assertThat(gateway.gauge("gatesvr_message_queue_bytes")).isLessThanOrEqualTo(RING_BYTES);
      answer = push(SLOW, ++number, PushPolicy.POLICY_RELIABLE);
    }
    assertThat(answer.getErrorCode()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(late).isNotEmpty();
    serves(other, number);
    assertThat(slow.closed().code()).isEqualTo(CloseCode.SLOW_CONSUMER);
    serves(other, number + 1);
    assertThat(other.open()).isTrue();
    resumes(started, reliable, late);
  }

  private static void serves(RawPlayer player, int number) {
    player.request("echo", "r" + number);
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("r" + number);
    player.ack(player.lastSeq());
  }

  /** From the beginning: the reliable ones, a gap for what gave way, the reliable ones after. */
  private void resumes(StartResponse started, int reliable, List<Integer> late) throws Exception {
    RawPlayer back = gateway.connect();
    StartResponse resumed =
        back.start(
            start(SLOW).setEpoch(started.getEpoch()).setResumeToken(started.getResumeToken()));
    assertThat(resumed.getResumed()).isTrue();
    long position = 0;
    int expected = 1;
    int gaps = 0;
    while (expected <= late.getLast()) {
      ServerPush next = back.next();
      if (next.getType() == PushType.PUSH_GAP) {
        Gap gap = gapOf(next);
        assertThat(gap.getFirstSeqId()).isEqualTo(position + 1);
        assertThat(gap.getFirstSeqId()).as("only droppable ones").isGreaterThan(reliable);
        assertThat(gap.getLastSeqId()).as("only droppable ones").isLessThan(late.getFirst());
        expected += (int) (gap.getLastSeqId() - gap.getFirstSeqId() + 1);
        position = gap.getLastSeqId();
        gaps++;
      } else {
        assertThat(next.getSeqId()).isEqualTo(++position);
        assertThat(next.getHeadersMap())
            .containsEntry("x-push-content", Integer.toString(expected++));
      }
    }
    assertThat(gaps).isPositive();
    back.ack(position);
    RunningGateway.eventually(() -> gateway.gauge("gatesvr_message_queue_bytes") == 0);
  }

  private static Gap gapOf(ServerPush push) throws InvalidProtocolBufferException {
    return Gap.parseFrom(push.getPayload());
  }

  /** The bound of all sessions together is reached long before the bound of any of these. */
  @Test
  void absentPlayersFillTheProcessAndAcknowledgementsFreeIt() {
    List<StartResponse> starts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RawPlayer player = gateway.connect();
      starts.add(player.start(start("absent-" + i)));
      player.cut();
    }
    int taken = 0;
    while (push("absent-" + taken % 20, taken, PushPolicy.POLICY_RELIABLE).getSuccess()) {
      taken++;
      assertThat(taken).as("pushes that fit").isLessThan(PUSHES_MAX);
    }
    // A shard reports its bytes in portions of 64 KiB.
    assertThat(gateway.gauge("gatesvr_message_queue_bytes"))
        .isBetween(TOTAL_BYTES - PUSH_BYTES * 2.0, TOTAL_BYTES + PUSH_BYTES * 4.0);
    RawPlayer bystander = gateway.connect();
    bystander.start(start(OTHER));
    UnicastPushResponse refused = push(OTHER, 0, PushPolicy.POLICY_RELIABLE);
    assertThat(refused.getErrorCode()).isEqualTo("RESOURCE_EXHAUSTED");
    for (int i = 0; i < 10; i++) {
      RawPlayer back = gateway.connect();
      StartResponse first = starts.get(i);
      back.start(
          start("absent-" + i).setEpoch(first.getEpoch()).setResumeToken(first.getResumeToken()));
      back.nextBody();
      back.ack(1);
    }
    RunningGateway.eventually(() -> push(OTHER, 1, PushPolicy.POLICY_RELIABLE).getSuccess());
    bystander.nextBody();
  }
}
