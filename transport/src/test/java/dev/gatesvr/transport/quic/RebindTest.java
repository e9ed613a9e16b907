package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.testkit.LeakWatch;
import dev.gatesvr.testkit.UdpRelay;
import dev.gatesvr.transport.Await;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections through a NAT that forgets, and a network that loses. */
@ExtendWith(LeakWatch.class)
class RebindTest {
  private static final int REBINDS = 20;
  private static final TestCertificates AUTHORITY = new TestCertificates("gatesvr test CA");
  private static final TlsIdentity IDENTITY = AUTHORITY.local();
  private static final QuicClientConfig TRUSTING =
      QuicClientConfig.trusting(new ServerTrust.Authorities(List.of(AUTHORITY.ca())));

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void surviveManyRebindsInARow(int loops) throws InterruptedException {
    try (TestServer server = TestServer.start(loops, IDENTITY, UnaryOperator.identity());
        UdpRelay relay = UdpRelay.start(server.address(), 1);
        TestClient client = new TestClient(TRUSTING)) {
      TestClient.Peer peer = client.connect(relay.address());
      peer.echo(ByteString.copyFromUtf8("first"));
      Set<SocketAddress> seen = new HashSet<>();
      for (int i = 0; i < REBINDS; i++) {
        relay.rebind();
        ByteString payload = ByteString.copyFromUtf8("after rebind " + i);
        assertThat(peer.echo(payload)).isEqualTo(payload);
        // The answer may still have come over the old path, before the new one was validated.
        Await.until("the server follows", () -> relay.serverFacingPorts().contains(port(server)));
        seen.add(server.only().connection().remoteAddress());
      }
      assertThat(seen).hasSize(REBINDS);
      assertThat(server.accepted()).hasSize(1);
      assertThat(peer.handler().isClosed()).isFalse();
    }
  }

  private static int port(TestServer server) {
    return ((InetSocketAddress) server.only().connection().remoteAddress()).getPort();
  }

  @Test
  void lastWordsSurviveTheLossOfTheirPacket() throws InterruptedException {
    try (TestServer server = TestServer.start(1, IDENTITY, UnaryOperator.identity());
        UdpRelay relay = UdpRelay.start(server.address(), 1);
        TestClient client = new TestClient(TRUSTING)) {
      TestClient.Peer peer = client.connect(relay.address());
      relay.delay(Duration.ofMillis(20));
      for (int i = 0; i < 10; i++) {
        peer.echo(ByteString.copyFromUtf8("so that the round trip is known"));
      }
      TestServer.Accepted accepted = server.only();
      long droppedBefore = relay.dropped();
      // One only, and no more: how soon this thread runs again must not matter.
      relay.dropNextToClients(1);
      accepted
          .connection()
          .loop()
          .execute(
              () -> {
                accepted.connection().send(ServerPush.newBuilder().setMsgId(77).build());
                accepted.connection().close(CloseCode.REPLACED);
              });
      Await.until("the packet is lost", () -> relay.dropped() > droppedBefore);
      assertThat(peer.handler().nextFrame().getMsgId()).isEqualTo(77);
      assertThat(peer.handler().awaitClosed().code()).isEqualTo(CloseCode.REPLACED);
    }
  }

  @Test
  void arrivesInOrderOverALossyNetwork() throws InterruptedException {
    long seed = new Random().nextLong();
    try (TestServer server = TestServer.start(2, IDENTITY, UnaryOperator.identity());
        UdpRelay relay = UdpRelay.start(server.address(), seed);
        TestClient client = new TestClient(TRUSTING)) {
      TestClient.Peer peer = client.connect(relay.address());
      relay.drop(0.05);
      relay.delay(Duration.ofMillis(2));
      for (int i = 0; i < 50; i++) {
        ByteString payload = ByteString.copyFromUtf8("message " + i + " ".repeat(3_000));
        assertThat(peer.echo(payload)).as("seed " + seed).isEqualTo(payload);
      }
      assertThat(relay.dropped()).isPositive();
    }
  }
}
