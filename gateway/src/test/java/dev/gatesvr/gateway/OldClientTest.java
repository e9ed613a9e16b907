package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.support.OldClient;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.gateway.support.SessionBounds;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.testkit.LeakWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A client of GateSvr's wire, over a QUIC stack that is not ours, loses its connection and gets
 * exactly what it had not acknowledged. {@link OldClient} fails on any message of a newer type.
 */
@ExtendWith(LeakWatch.class)
class OldClientTest {
  /** In zone 003. */
  private static final String PLAYER = "10000";

  private static final int RING_MESSAGES = 16;

  private final RunningGateway gateway =
      RunningGateway.start(
          new RunningGateway.Settings()
              .session(SessionBounds.usual().ringMessages(RING_MESSAGES).config()));
  private final RawZone zone = gateway.zone("003");

  @AfterEach
  void stop() {
    gateway.close();
  }

  private void push(int from, int to) {
    for (int i = from; i <= to; i++) {
      assertThat(zone.push(PLAYER, "p" + i).getSuccess()).isTrue();
    }
  }

  private static void gets(OldClient client, int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      assertThat(client.text(i)).isEqualTo("p" + i);
    }
  }

  /** The next message is this answer, so nothing came before it. */
  private static void nothingElse(OldClient client, long clientSeq, long seq) throws Exception {
    client.request(clientSeq, "marker");
    assertThat(client.text(seq)).isEqualTo("marker");
  }

  @Test
  void getsExactlyWhatItHadNotAcknowledged() throws Exception {
    try (OldClient client = OldClient.connect(gateway)) {
      client.start(PLAYER, 0);
      push(1, 8);
      gets(client, 1, 8);
      client.ack(5);
      client.cut();
    }
    push(9, 11);
    try (OldClient client = OldClient.connect(gateway)) {
      StartResponse start = client.start(PLAYER, 5);
      assertThat(start.getResumed()).isTrue();
      gets(client, 6, 11);
      nothingElse(client, 1, 12);
    }
  }

  @Test
  void aConnectionThatIsNotKnownToBeLostIsReplacedWithout409() throws Exception {
    try (OldClient lost = OldClient.connect(gateway);
        OldClient client = OldClient.connect(gateway)) {
      lost.start(PLAYER, 0);
      push(1, 4);
      gets(lost, 1, 4);
      // What the client handled last counts, also when its acknowledgement never left.
      assertThat(client.start(PLAYER, 3).getResumed()).isTrue();
      assertThat(lost.closeCode()).isEqualTo(410);
      gets(client, 4, 4);
      nothingElse(client, 1, 5);
    }
  }

  @Test
  void losesItsConnectionAgainAndAgain() throws Exception {
    OldClient client = OldClient.connect(gateway);
    client.start(PLAYER, 0);
    push(1, 1);
    gets(client, 1, 1);
    int sent = 1;
    for (int handled = 1; handled <= 12; handled++) {
      client.cut();
      push(sent + 1, sent + 1);
      sent++;
      client = OldClient.connect(gateway);
      assertThat(client.start(PLAYER, handled).getResumed()).isTrue();
      gets(client, handled + 1, sent);
    }
    nothingElse(client, 1, sent + 1);
    client.close();
  }

  @Test
  void aPositionThatIsGoneIsAnErrorThatSaysSoAndAFreshSession() throws Exception {
    try (OldClient client = OldClient.connect(gateway)) {
      client.start(PLAYER, 0);
      push(1, 8);
      gets(client, 1, 8);
      client.ack(8);
      nothingElse(client, 1, 9);
      client.cut();
    }
    try (OldClient client = OldClient.connect(gateway)) {
      StartResponse start = client.start(PLAYER, 3);
      assertThat(start.getResumed()).isFalse();
      ErrorMessage error = client.error(0);
      assertThat(error.getErrorCode()).isEqualTo(410);
      assertThat(error.getErrorMessage()).isEqualTo("a fresh session was started");
      nothingElse(client, 1, 1);
    }
  }

  @Test
  void droppedMessagesAreAnErrorInTheirPlace() throws Exception {
    try (OldClient client = OldClient.connect(gateway)) {
      client.start(PLAYER, 0);
      push(1, 1);
      gets(client, 1, 1);
      client.cut();
    }
    push(2, 4);
    for (int i = 5; i <= 30; i++) {
      assertThat(zone.push(PLAYER, "p" + i, 0, PushPolicy.POLICY_DROPPABLE).getSuccess()).isTrue();
    }
    push(31, 32);
    try (OldClient client = OldClient.connect(gateway)) {
      assertThat(client.start(PLAYER, 1).getResumed()).isTrue();
      gets(client, 2, 4);
      // The three before and the gap itself take places too.
      int lastDropped = 32 - RING_MESSAGES + 4;
      ErrorMessage error = client.error(lastDropped);
      assertThat(error.getErrorCode()).isEqualTo(410);
      assertThat(error.getErrorMessage()).isEqualTo("messages were dropped");
      assertThat(error.getDetail()).isEqualTo("seq_id: 5 to " + lastDropped);
      gets(client, lastDropped + 1, 32);
      client.ack(32);
      nothingElse(client, 1, 33);
    }
  }

  @Test
  void aTakeoverIs409AndNothingAfterIt() throws Exception {
    try (OldClient old = OldClient.connect(gateway);
        OldClient young = OldClient.connect(gateway)) {
      old.start(PLAYER, 0);
      young.start(PLAYER, 0);
      push(1, 3);
      assertThat(old.closeCode()).isEqualTo(409);
      assertThat(old.lastWords()).isSubsetOf(409).hasSizeLessThan(2);
      gets(young, 1, 3);
    }
  }

  @Test
  void aKickIs403AndAStoppingGatewayIs503() throws Exception {
    try (OldClient kicked = OldClient.connect(gateway);
        OldClient other = OldClient.connect(gateway)) {
      kicked.start(PLAYER, 0);
      other.start("10001", 0);
      assertThat(gateway.post("/sessions/kick?openid=" + PLAYER).statusCode()).isEqualTo(200);
      assertThat(kicked.closeCode()).isEqualTo(403);
      assertThat(kicked.lastWords()).isSubsetOf(403).hasSizeLessThan(2);
      gateway.stop();
      assertThat(other.closeCode()).isEqualTo(521);
      assertThat(other.lastWords()).isSubsetOf(503).hasSizeLessThan(2);
    }
  }
}
