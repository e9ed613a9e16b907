package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.link.Recorder.DialFailed;
import dev.gatesvr.backup.link.Recorder.Down;
import dev.gatesvr.backup.link.Recorder.Up;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairHello;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who becomes a link, and who takes whose place. */
class HelloTest {
  private final LinkFixture pair = new LinkFixture();

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void theNewestCommonVersionHolds() throws Exception {
    pair.dial(
        pair.settings(pair.loopB, versions("b", 1, 1)),
        pair.listen(pair.settings(pair.loopA, versions("a", 1, 2))));
    PairLink atA = pair.a.await(Up.class).link();
    PairLink atB = pair.b.await(Up.class).link();
    assertThat(pair.on(pair.loopA, () -> atA.peer().version())).isEqualTo(1);
    assertThat(pair.on(pair.loopB, () -> atB.peer().version())).isEqualTo(1);
  }

  @Test
  void withoutACommonVersionBothRangesAreNamed() throws Exception {
    pair.dial(
        pair.settings(pair.loopB, versions("b", 3, 3)),
        pair.listen(pair.settings(pair.loopA, versions("a", 1, 2))));
    DialFailed failed = pair.b.await(DialFailed.class);
    assertThat(failed.end()).isEqualTo(LinkEnd.TURNED_AWAY);
    assertThat(failed.reason()).isEqualTo("versions: 3..3 meets 1..2 (expected: one in common)");
    assertThat(pair.a.poll()).isNull();
  }

  @Test
  void versionsAreComparedAsTheyAreMeant() {
    assertThat(version(1, 2, 1, 3)).isEqualTo(2);
    assertThat(version(2, 4, 1, 3)).isEqualTo(3);
    assertThat(version(3, 3, 3, 3)).isEqualTo(3);
    assertThat(version(1, 2, 3, 4)).isZero();
    assertThat(version(3, 4, 1, 2)).isZero();
    assertThat(version(1, 2, 1, -1)).as("unsigned on the wire").isEqualTo(2);
    assertThat(version(1, 2, 0, 0)).isZero();
  }

  private static int version(int min, int max, int peerMin, int peerMax) {
    PairHello peer = PairHello.newBuilder().setVersionMin(peerMin).setVersionMax(peerMax).build();
    return Hellos.version(versions("a", min, max), peer);
  }

  private static LinkIdentity versions(String serverId, int min, int max) {
    return new LinkIdentity("pair", serverId, serverId + "#1", serverId + ".example:1", min, max);
  }

  @Test
  void theSameServerIdOnBothIsNamed() throws Exception {
    turnsAway(identity("a"), "backup.server_id: \"a\" on both (expected: another on each node)");
  }

  @Test
  void anotherPairIsNamed() throws Exception {
    turnsAway(
        LinkIdentity.of("other", "b", "b#1", "b:1"),
        "backup.pair: \"other\" meets \"pair\" (expected: the same on both)");
  }

  @Test
  void theAcceptorMayTurnAway() throws Exception {
    pair.a.refusal = "not\nnow";
    turnsAway(identity("b"), "not?now");
  }

  private void turnsAway(LinkIdentity dialler, String reason) throws Exception {
    pair.dial(pair.settings(pair.loopB, dialler), pair.listen());
    DialFailed failed = pair.b.await(DialFailed.class);
    assertThat(failed.end()).isEqualTo(LinkEnd.TURNED_AWAY);
    assertThat(failed.reason()).isEqualTo(reason);
    assertThat(pair.a.poll()).isNull();
  }

  @Test
  void namesAreThereAndShort() {
    PairHello good = Hellos.of(identity("b"), PairBeat.getDefaultInstance()).getHello();
    assertThat(Hellos.refusalOf(identity("a"), good)).isEmpty();
    for (PairHello bad :
        new PairHello[] {
          good.toBuilder().setPair("").build(),
          good.toBuilder().setServerId("").build(),
          good.toBuilder().setIncarnation("").build(),
          good.toBuilder().setPlayerAddress("x".repeat(257)).build()
        }) {
      assertThat(Hellos.refusalOf(identity("a"), bad)).contains("a name is missing or longer");
    }
  }

  @Test
  void aNewerConnectionOfTheSameProcessTakesOver() throws Exception {
    replaces(identity("b"));
  }

  @Test
  void theNextProcessOfTheNodeTakesOver() throws Exception {
    replaces(LinkIdentity.of("pair", "b", "b#2", "b:1"));
  }

  private void replaces(LinkIdentity newer) throws Exception {
    InetSocketAddress address = pair.listen();
    try (RawPeer old = RawPeer.up(address, identity("b"))) {
      PairLink oldLink = pair.a.await(Up.class).link();
      try (RawPeer next = RawPeer.up(address, newer)) {
        Down down = pair.a.await(Down.class);
        assertThat(down.link()).isSameAs(oldLink);
        assertThat(down.end()).isEqualTo(LinkEnd.LOCAL);
        Up up = pair.a.await(Up.class);
        assertThat(up.peer().getIncarnation()).isEqualTo(newer.incarnation());
        assertThat(old.refusal()).isEqualTo("replaced by a newer connection");
        next.send(LinkFixture.frame(1));
        assertThat(pair.a.await(Recorder.Frame.class).link()).isSameAs(up.link());
      }
    }
  }

  @Test
  void aThirdNodeIsTurnedAwayWhileThePairIsWhole() throws Exception {
    InetSocketAddress address = pair.listen();
    try (RawPeer second = RawPeer.up(address, identity("b"));
        RawPeer third = RawPeer.connect(address)) {
      pair.a.await(Up.class);
      third.send(Hellos.of(identity("c"), PairBeat.getDefaultInstance()));
      assertThat(third.refusal())
          .isEqualTo("backup.server_id: \"c\" (expected: \"b\", which is connected)");
      second.send(LinkFixture.frame(1));
      pair.a.await(Recorder.Frame.class);
    }
  }
}
