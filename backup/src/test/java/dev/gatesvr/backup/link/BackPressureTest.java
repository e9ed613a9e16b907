package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.identity;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.backup.link.Recorder.Up;
import dev.gatesvr.backup.link.Recorder.Writable;
import dev.gatesvr.proto.LogBatch;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A peer that does not read. */
class BackPressureTest {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int FRAME_BYTES = 32 << 10;
  private static final LinkTimes QUIET =
      new LinkTimes(
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofMillis(10),
          Duration.ofMillis(10));

  private final LinkFixture pair = new LinkFixture();

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void whatIsTakenArrivesAndNothingBeyondIsTaken() throws Exception {
    LinkServer server = pair.server(settings());
    try (RawPeer peer = RawPeer.up(server.addresses().getFirst(), identity("b"))) {
      PairLink link = pair.a.await(Up.class).link();
      int taken = pair.on(pair.loopA, () -> fill(link));
      assertThat(pair.on(pair.loopA, link::writable)).isFalse();
      int beats = 10;
      pair.on(
          pair.loopA,
          () -> {
            for (int i = 0; i < beats; i++) {
              link.beatNow();
            }
            return null;
          });
      for (int lsn = 1; lsn <= taken; lsn++) {
        assertThat(next(peer).getBatch().getFirstLsn()).isEqualTo(lsn);
      }
      for (int beat = 0; beat < beats; beat++) {
        assertThat(next(peer).getBeat().getNumber()).isEqualTo(beat + 2);
      }
      pair.a.await(Writable.class);
      assertThat(pair.on(pair.loopA, () -> link.send(batch(1)))).isTrue();
    }
  }

  @Test
  void beatsForAPeerThatNeverReadsAreBounded() throws Exception {
    LinkServer server = pair.server(settings());
    try (RawPeer peer = RawPeer.up(server.addresses().getFirst(), identity("b"))) {
      PairLink link = pair.a.await(Up.class).link();
      pair.on(pair.loopA, () -> fill(link));
      long pending =
          pair.on(
              pair.loopA,
              () -> {
                for (int i = 0; i < 200_000; i++) {
                  link.beatNow();
                }
                return ((LinkConnection) link).pendingBytes();
              });
      assertThat(pending).isLessThan(BUFFER_BYTES + FRAME_BYTES + (65 << 10));
      assertThat(peer.socket().isConnected()).isTrue();
    }
  }

  private static PairFrame next(RawPeer peer) throws Exception {
    return java.util.Objects.requireNonNull(peer.read());
  }

  private static int fill(PairLink link) {
    int taken = 0;
    while (link.send(batch(taken + 1))) {
      taken++;
      // The socket takes what it can; only then the buffer fills.
      ((LinkConnection) link).channel().flush();
    }
    assertThat(taken).isGreaterThan(1).isLessThan(10_000);
    assertThat(((LinkConnection) link).pendingBytes()).isLessThan(BUFFER_BYTES + FRAME_BYTES + 256);
    return taken;
  }

  private static PairFrame batch(long lsn) {
    return PairFrame.newBuilder()
        .setBatch(
            LogBatch.newBuilder()
                .setFirstLsn(lsn)
                .addEntries(ByteString.copyFrom(new byte[FRAME_BYTES - 64])))
        .build();
  }

  private LinkSettings settings() {
    return new LinkSettings(
        pair.loopA,
        identity("a"),
        LinkSecurity.privateNetwork(),
        QUIET,
        FRAME_BYTES,
        BUFFER_BYTES,
        PairBeat::getDefaultInstance);
  }
}
