package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkFixture.frame;
import static dev.gatesvr.backup.link.LinkFixture.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.backup.link.Recorder.DialFailed;
import dev.gatesvr.backup.link.Recorder.Down;
import dev.gatesvr.backup.link.Recorder.Frame;
import dev.gatesvr.backup.link.Recorder.Up;
import dev.gatesvr.proto.LogBatch;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.testkit.TcpRelay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two gateways over loopback, on epoll where there is epoll. */
class LinkTest {
  final LinkFixture pair = fixture();

  LinkFixture fixture() {
    return new LinkFixture();
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void bothLearnWhoTheOtherIs() throws Exception {
    InetSocketAddress address = pair.listen();
    pair.dial(address);
    Up atB = pair.b.await(Up.class);
    Up atA = pair.a.await(Up.class);
    assertThat(atA.peer().getServerId()).isEqualTo("b");
    assertThat(atA.peer().getIncarnation()).isEqualTo("b#1");
    assertThat(atB.peer().getPlayerAddress()).isEqualTo("a.example:4433");
    PeerInfo peer = pair.on(pair.loopB, () -> atB.link().peer());
    assertThat(peer.version()).isEqualTo(1);
    assertThat(peer.address()).isEqualTo(address);
  }

  @Test
  void framesArriveInOrderBothWays() throws Exception {
    pair.dial(pair.listen());
    PairLink atA = pair.a.await(Up.class).link();
    PairLink atB = pair.b.await(Up.class).link();
    pair.loopA.execute(() -> sendAll(atA, 1_000));
    pair.loopB.execute(() -> sendAll(atB, 1_000));
    for (long lsn = 1; lsn <= 1_000; lsn++) {
      assertThat(pair.a.await(Frame.class).frame()).isEqualTo(frame(lsn));
      assertThat(pair.b.await(Frame.class).frame()).isEqualTo(frame(lsn));
    }
  }

  private static void sendAll(PairLink link, int count) {
    for (long lsn = 1; lsn <= count; lsn++) {
      assertThat(link.send(frame(lsn))).isTrue();
    }
  }

  @Test
  void aFrameOfTheLargestSizeArrivesAndALargerOneIsOursToAvoid() throws Exception {
    pair.dial(pair.listen());
    PairLink atA = pair.a.await(Up.class).link();
    pair.b.await(Up.class);
    PairFrame largest = batch(LinkSettings.FRAME_BYTES_DEFAULT - 12);
    assertThat(largest.getSerializedSize()).isEqualTo(LinkSettings.FRAME_BYTES_DEFAULT);
    assertThat(pair.on(pair.loopA, () -> atA.send(largest))).isTrue();
    assertThat(pair.b.await(Frame.class).frame()).isEqualTo(largest);
    PairFrame tooLarge = batch(LinkSettings.FRAME_BYTES_DEFAULT - 11);
    assertThatThrownBy(() -> pair.on(pair.loopA, () -> atA.send(tooLarge)))
        .hasRootCauseInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("BATCH: 4194305 bytes (expected: <= 4194304)");
  }

  private static PairFrame batch(int bytes) {
    return PairFrame.newBuilder()
        .setBatch(LogBatch.newBuilder().setTerm(1).addEntries(ByteString.copyFrom(new byte[bytes])))
        .build();
  }

  @Test
  void beatsCountUpAndAreHeard() throws Exception {
    pair.dial(pair.listen());
    Up atA = pair.a.await(Up.class);
    long first = pair.on(pair.loopA, () -> atA.link().lastHeardNanos());
    long hello = atA.peer().getBeat().getNumber();
    for (long number = hello + 1; number < hello + 6; number++) {
      assertThat(pair.a.awaitBeat().getBeat().getNumber()).isEqualTo(number);
    }
    assertThat(pair.on(pair.loopA, () -> atA.link().lastHeardNanos())).isGreaterThan(first);
  }

  @Test
  void aBeatGoesAtOnceWhenAsked() throws Exception {
    LinkTimes slow =
        new LinkTimes(
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(10));
    LinkSecurity open = LinkSecurity.privateNetwork();
    InetSocketAddress address = pair.listen(pair.settings(pair.loopA, identity("a"), open, slow));
    pair.dial(pair.settings(pair.loopB, identity("b"), open, slow), address);
    PairLink atA = pair.a.await(Up.class).link();
    pair.loopA.execute(atA::beatNow);
    assertThat(pair.b.awaitBeat().getBeat().getNumber()).isEqualTo(2);
  }

  // ---------------------------------------------------------------- ends

  @Test
  void aGoodbyeIsNotADeath() throws Exception {
    pair.dial(pair.listen());
    PairLink atA = pair.a.await(Up.class).link();
    pair.b.await(Up.class);
    pair.loopA.execute(() -> atA.close("going down"));
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.LOCAL);
    Down atB = pair.b.await(Down.class);
    assertThat(atB.end()).isEqualTo(LinkEnd.CLOSED);
    assertThat(atB.reason()).isEqualTo("going down");
    assertThat(pair.on(pair.loopA, () -> atA.send(frame(1)))).isFalse();
  }

  @Test
  void closingTheServerAndTheDiallerSaysGoodbye() throws Exception {
    LinkServer server = pair.server(pair.settings(pair.loopA, identity("a")));
    LinkDialler dialler = pair.dial(server.addresses().getFirst());
    pair.a.await(Up.class);
    pair.b.await(Up.class);
    dialler.close("moving out").get();
    assertThat(pair.a.await(Down.class).reason()).isEqualTo("moving out");
    assertThat(pair.b.await(Down.class).end()).isEqualTo(LinkEnd.LOCAL);
    pair.dial(server.addresses().getFirst());
    pair.a.await(Up.class);
    pair.b.await(Up.class);
    server.close("shutting down").get();
    Down atB = pair.b.await(Down.class);
    assertThat(atB.end()).isEqualTo(LinkEnd.CLOSED);
    assertThat(atB.reason()).isEqualTo("shutting down");
    assertThat(pair.b.await(DialFailed.class).end()).isEqualTo(LinkEnd.REFUSED);
  }

  @Test
  void aResetAndAnEndWithoutGoodbyeAreDeaths() throws Exception {
    InetSocketAddress address = pair.listen();
    RawPeer peer = RawPeer.up(address, identity("b"));
    pair.a.await(Up.class);
    peer.reset();
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.RESET);

    RawPeer next = RawPeer.up(address, identity("b"));
    pair.a.await(Up.class);
    next.close();
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.RESET);
  }

  @Test
  void aCutConnectionIsMadeAgain() throws Exception {
    TcpRelay relay = pair.closing(TcpRelay.start(pair.listen()));
    pair.dial(relay.address());
    pair.b.await(Up.class);
    pair.a.await(Up.class);
    relay.cut();
    assertThat(pair.b.await(Down.class).end()).isEqualTo(LinkEnd.RESET);
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.RESET);
    pair.b.await(Up.class);
    pair.a.await(Up.class);
  }

  @Test
  void silenceEndsTheLinkAndIsNoDeath() throws Exception {
    LinkTimes impatient =
        new LinkTimes(
            Duration.ofMillis(20),
            Duration.ofMillis(400),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(10));
    TcpRelay relay = pair.closing(TcpRelay.start(pair.listen()));
    LinkSettings settings =
        pair.settings(pair.loopB, identity("b"), LinkSecurity.privateNetwork(), impatient);
    pair.dial(settings, relay.address());
    pair.b.await(Up.class);
    relay.swallowFromServer();
    Down down = pair.b.await(Down.class);
    assertThat(down.end()).isEqualTo(LinkEnd.TIMEOUT);
    assertThat(down.reason()).isEqualTo("nothing heard for 400 ms");
    relay.cut();
    pair.b.awaitLater(Up.class);
  }

  @Test
  void aHandlerThatFailsClosesItsLinkOnly() throws Exception {
    pair.dial(pair.listen());
    pair.a.await(Up.class);
    pair.b.await(Up.class);
    pair.a.failing = true;
    assertThat(pair.a.await(Down.class).end()).isEqualTo(LinkEnd.LOCAL);
    pair.a.failing = false;
    assertThat(pair.b.await(Down.class).reason()).isEqualTo("internal error");
    pair.a.awaitLater(Up.class);
  }

  @Test
  void aLinkIsUsedOnItsLoopOnly() throws Exception {
    pair.dial(pair.listen());
    PairLink link = pair.a.await(Up.class).link();
    for (org.assertj.core.api.ThrowableAssert.ThrowingCallable use :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> link.send(frame(1)),
            link::writable,
            link::beatNow,
            link::peer,
            link::lastHeardNanos,
            () -> link.close(""))) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("expected: the pair's loop");
    }
  }

  // ---------------------------------------------------------------- dialling

  @Test
  void aDeadPortIsRefusedUntilSomebodyListens() throws Exception {
    int port = freePort();
    InetSocketAddress address = loopback(port);
    pair.dial(address);
    DialFailed failed = pair.b.await(DialFailed.class);
    assertThat(failed.end()).isEqualTo(LinkEnd.REFUSED);
    assertThat(failed.address()).isEqualTo(address);
    LinkServer server =
        LinkServer.bind(List.of(address), pair.settings(pair.loopA, identity("a")), pair.a);
    pair.closing(() -> server.close("test over").get());
    pair.b.awaitLater(Up.class);
  }

  @Test
  void theAddressesTakeTurns() throws Exception {
    InetSocketAddress dead = loopback(freePort());
    InetSocketAddress unknown = InetSocketAddress.createUnresolved("no-such-host.invalid", 1);
    InetSocketAddress good = pair.listen();
    InetSocketAddress byName = InetSocketAddress.createUnresolved("127.0.0.1", good.getPort());
    pair.dial(dead, unknown, byName);
    assertThat(pair.b.await(DialFailed.class).end()).isEqualTo(LinkEnd.REFUSED);
    DialFailed second = pair.b.await(DialFailed.class);
    assertThat(second.address()).isEqualTo(unknown);
    assertThat(second.end()).isEqualTo(LinkEnd.UNREACHABLE);
    pair.b.await(Up.class);
  }

  @Test
  void aClosedDiallerDialsNoMore() throws Exception {
    LinkDialler dialler = pair.dial(loopback(freePort()));
    pair.b.await(DialFailed.class);
    dialler.close("enough").get();
    while (pair.b.poll() != null) {
      // What happened before it was closed.
    }
    LinkTimes times = LinkFixture.TIMES;
    pair.on(
            pair.loopB,
            () ->
                pair.loopB.schedule(
                    () -> assertThat(pair.b.poll()).isNull(),
                    3 * times.redialMax().toNanos(),
                    java.util.concurrent.TimeUnit.NANOSECONDS))
        .get();
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      InetSocketAddress address = loopback(taken.getLocalPort());
      LinkSettings settings = pair.settings(pair.loopA, identity("a"));
      assertThatThrownBy(() -> LinkServer.bind(List.of(address), settings, pair.a))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "cannot listen on " + address.getHostString() + ":" + taken.getLocalPort());
    }
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
