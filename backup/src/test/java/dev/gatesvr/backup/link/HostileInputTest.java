package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.frame;
import static dev.gatesvr.backup.link.LinkFixture.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.link.Recorder.Down;
import dev.gatesvr.backup.link.Recorder.Frame;
import dev.gatesvr.backup.link.Recorder.Up;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Strangers at the door while a link is up: they are told why they go, and the link goes on. */
class HostileInputTest {
  private final LinkFixture pair = new LinkFixture();
  private @Nullable LinkServer server;
  private InetSocketAddress address = new InetSocketAddress(0);
  private long lsn;

  @BeforeEach
  void up() throws Exception {
    server = pair.server(pair.settings(pair.loopA, identity("a")));
    address = server.addresses().getFirst();
    pair.dial(address);
    pair.a.await(Up.class);
  }

  @AfterEach
  void close() throws Exception {
    theLinkGoesOn();
    pair.close();
  }

  private void theLinkGoesOn() throws Exception {
    Up atB = pair.b.awaitLater(Up.class);
    lsn++;
    assertThat(pair.on(pair.loopB, () -> atB.link().send(frame(lsn)))).isTrue();
    assertThat(pair.a.await(Frame.class).frame()).isEqualTo(frame(lsn));
  }

  @Test
  void garbageIsAFrameOfAStrangeLength() throws Exception {
    refused(
        "frame: 1195725856 bytes (expected: 1 to 16384)",
        "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aHugeLengthIsRefusedBeforeItsBody() throws Exception {
    refused("frame: 4294967295 bytes (expected: 1 to 16384)", bytes(0xff, 0xff, 0xff, 0xff));
  }

  @Test
  void aHelloIsSmall() throws Exception {
    refused("frame: 16385 bytes (expected: 1 to 16384)", bytes(0, 0, 0x40, 1));
  }

  @Test
  void anEmptyFrameIsRefused() throws Exception {
    refused("frame: 0 bytes (expected: 1 to 16384)", bytes(0, 0, 0, 0));
  }

  @Test
  void whatIsNoFrameIsRefused() throws Exception {
    refused("frame: not a PairFrame", bytes(0, 0, 0, 3, 0xff, 0xff, 0xff));
  }

  @Test
  void aFrameBeforeTheHelloIsRefused() throws Exception {
    byte[] beat =
        PairFrame.newBuilder().setBeat(PairBeat.newBuilder().setNumber(1)).build().toByteArray();
    byte[] framed =
        java.nio.ByteBuffer.allocate(4 + beat.length).putInt(beat.length).put(beat).array();
    refused("first frame: BEAT (expected: HELLO)", framed);
  }

  @Test
  void aTlsHelloOnALinkInTheClearIsNamed() throws Exception {
    refused(
        "TLS on a link in the clear (expected: backup.link the same on both nodes)",
        bytes(0x16, 3, 1, 2, 0, 1));
  }

  @Test
  void aHelloThatDoesNotComeEndsTheConnection() throws Exception {
    try (RawPeer stranger = RawPeer.connect(address)) {
      stranger.bytes(bytes(0, 0, 0));
      assertThat(stranger.read()).isNull();
    }
  }

  @Test
  void aSecondHelloIsAFault() throws Exception {
    try (LinkFixture other = new LinkFixture();
        RawPeer peer = RawPeer.up(other.listen(), identity("b"))) {
      other.a.await(Up.class);
      peer.send(Hellos.of(identity("b"), PairBeat.getDefaultInstance()));
      assertThat(peer.refusal()).isEqualTo("a second hello");
      Down down = other.a.await(Down.class);
      assertThat(down.end()).isEqualTo(LinkEnd.PROTOCOL);
    }
  }

  @Test
  void aFrameOfANewerVersionIsIgnored() throws Exception {
    try (LinkFixture other = new LinkFixture();
        RawPeer peer = RawPeer.up(other.listen(), identity("b"))) {
      other.a.await(Up.class);
      // Field 99, a varint.
      peer.bytes(bytes(0, 0, 0, 3, 0x98, 0x06, 1));
      peer.send(frame(5));
      assertThat(other.a.await(Frame.class).frame()).isEqualTo(frame(5));
    }
  }

  @Test
  void aCrowdWithoutAHelloDoesNotKeepTheOtherOut() throws Exception {
    List<RawPeer> crowd = new ArrayList<>();
    for (int i = 0; i < 3 * LinkServer.UNFINISHED_MAX; i++) {
      crowd.add(RawPeer.connect(address));
    }
    try (RawPeer newer = RawPeer.up(address, LinkIdentity.of("pair", "b", "b#2", "b:1"))) {
      int open = pair.on(pair.loopA, Objects.requireNonNull(server)::unfinished);
      assertThat(open).isBetween(2, LinkServer.UNFINISHED_MAX);
      assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.LOCAL);
      assertThat(pair.a.await(Up.class).peer().getIncarnation()).isEqualTo("b#2");
      int kept = 0;
      for (RawPeer stranger : crowd) {
        kept += stranger.read() == null ? 0 : 1;
      }
      assertThat(kept).isZero();
      assertThat(newer.socket().isConnected()).isTrue();
    } finally {
      for (RawPeer stranger : crowd) {
        stranger.close();
      }
    }
    // The dialler of b comes back after it was replaced.
    pair.b.await(Up.class);
    pair.b.await(Down.class);
    pair.a.awaitLater(Up.class);
  }

  private void refused(String reason, byte[] bytes) throws Exception {
    try (RawPeer stranger = RawPeer.connect(address)) {
      stranger.bytes(bytes);
      assertThat(stranger.refusal()).isEqualTo(reason);
      assertThat(stranger.read()).isNull();
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
