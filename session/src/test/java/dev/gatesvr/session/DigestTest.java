package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ServerPush;
import org.junit.jupiter.api.Test;

class DigestTest {
  private static final ServerPush PUSH =
      ServerPush.newBuilder()
          .setSeqId(7)
          .setPayload(ByteString.copyFromUtf8("thirteen more"))
          .putHeaders("x-push-type", "note")
          .build();

  /** The two of a pair are two processes: a number that only one of them knows would not do. */
  @Test
  void isTheSameNumberInEveryProcess() {
    assertThat(SessionReplica.mix(1, PUSH)).isEqualTo(168141272480626778L);
  }

  @Test
  void seesEachByteAndWhereAMessageEnds() {
    ClientRequest shorter = ClientRequest.newBuilder().setOpenid("1234567").build();
    ClientRequest other = shorter.toBuilder().setOpenid("1234568").build();
    assertThat(SessionReplica.mix(1, shorter)).isNotEqualTo(SessionReplica.mix(1, other));
    assertThat(SessionReplica.mix(1, shorter))
        .isNotEqualTo(SessionReplica.mix(1, ClientRequest.getDefaultInstance()));
  }
}
