package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.testkit.LeakWatch;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The listener's answers to single datagrams, seen from outside. */
@ExtendWith(LeakWatch.class)
class RawDatagramTest {
  private static final int TIMEOUT_MILLIS = 5_000;

  /** Form and type bits of a version 1 long header (RFC 9000 section 17.2). */
  private static final int LONG_TYPE_MASK = 0xb0;

  private static final int INITIAL = 0x80;
  private static final int RETRY = 0xb0;

  private static final TestCertificates AUTHORITY = new TestCertificates("gatesvr test CA");
  private static final TlsIdentity IDENTITY = AUTHORITY.local();
  private static final QuicClientConfig TRUSTING =
      QuicClientConfig.trusting(new ServerTrust.Authorities(List.of(AUTHORITY.ca())));

  private static DatagramSocket socket() throws IOException {
    DatagramSocket made =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    made.setSoTimeout(TIMEOUT_MILLIS);
    return made;
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /** The first datagram of a handshake that nobody goes on with. */
  private static byte[] firstDatagram() throws IOException {
    try (DatagramSocket nobody = socket();
        TestClient client = new TestClient(TRUSTING)) {
      CompletableFuture<?> unused =
          client.connecting((InetSocketAddress) nobody.getLocalSocketAddress());
      return receive(nobody);
    }
  }

  private static int answerTo(byte[] datagram, TestServer server) throws IOException {
    try (DatagramSocket socket = socket()) {
      socket.send(new DatagramPacket(datagram, datagram.length, server.address()));
      return receive(socket)[0] & LONG_TYPE_MASK;
    }
  }

  private static TestServer server(AddressValidation when, int unfinishedMax) {
    return TestServer.start(
        1, IDENTITY, config -> config.withAddressValidation(when, unfinishedMax));
  }

  @Test
  void answersAnInitialWithARetryOnlyWhereItValidates() throws IOException {
    try (TestServer always = server(AddressValidation.ALWAYS, 0);
        TestServer never = server(AddressValidation.NEVER, 0)) {
      assertThat(answerTo(firstDatagram(), always)).isEqualTo(RETRY);
      assertThat(answerTo(firstDatagram(), never)).isEqualTo(INITIAL);
    }
  }

  @Test
  void underLoadItAsksOnlyWhileHandshakesPileUp() throws Exception {
    try (TestServer server = server(AddressValidation.UNDER_LOAD, 2);
        TestClient client = new TestClient(TRUSTING)) {
      // Finished handshakes are not load.
      for (int i = 0; i < 4; i++) {
        client.connect(server.address()).echo(ByteString.copyFromUtf8("x"));
      }
      for (int i = 0; i < 3; i++) {
        assertThat(answerTo(firstDatagram(), server)).isEqualTo(INITIAL);
      }
      assertThat(answerTo(firstDatagram(), server)).isEqualTo(RETRY);
      assertThat(client.connect(server.address()).echo(ByteString.copyFromUtf8("y")).size())
          .isEqualTo(1);
    }
  }

  @Test
  void garbageHarmsNobodyOnOneOrTwoLoops() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int loops : List.of(1, 2)) {
      try (TestServer server = TestServer.start(loops, IDENTITY, config -> config);
          TestClient client = new TestClient(TRUSTING);
          DatagramSocket socket = socket()) {
        TestClient.Peer peer = client.connect(server.address());
        for (int i = 0; i < 1_000; i++) {
          byte[] bytes = new byte[random.nextInt(i % 2 == 0 ? 30 : 1_300)];
          random.nextBytes(bytes);
          socket.send(new DatagramPacket(bytes, bytes.length, server.address()));
        }
        assertThat(peer.echo(ByteString.copyFromUtf8("still here")).toStringUtf8())
            .as("seed " + seed)
            .isEqualTo("still here");
      }
    }
  }
}
