package dev.gatesvr.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class RetryTokensTest {
  private static final InetSocketAddress CLIENT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 4000);
  private static final AddressValidation ALWAYS = AddressValidation.ALWAYS;

  private static final TestCertificates AUTHORITY = new TestCertificates("gatesvr test CA");
  private static final TlsIdentity LOCAL = AUTHORITY.local();

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final RetryTokens tokens = tokens(1);

  private RetryTokens tokens(int keyByte) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) keyByte;
    SecretKey key = new SecretKeySpec(bytes, "HmacSHA256");
    return new RetryTokens(key, () -> true, clock::get);
  }

  private ByteBuf token() {
    ByteBuf out = Unpooled.buffer(tokens.maxTokenLength(), tokens.maxTokenLength());
    ByteBuf originalId = Unpooled.wrappedBuffer(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    assertThat(tokens.writeToken(out, originalId, CLIENT)).isTrue();
    return out;
  }

  @Test
  void aTokenLeadsBackToTheOriginalConnectionId() {
    ByteBuf token = token();
    int offset = tokens.validateToken(token.slice(), CLIENT);
    assertThat(offset).isEqualTo(40);
    assertThat(ByteBufUtil.getBytes(token, offset, token.readableBytes() - offset))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
  }

  @Test
  void aTokenIsForOneAddressAndPort() {
    InetSocketAddress otherPort = new InetSocketAddress(CLIENT.getAddress(), 4001);
    assertThat(tokens.validateToken(token(), otherPort)).isEqualTo(-1);
    InetSocketAddress otherHost = new InetSocketAddress(4000);
    assertThat(tokens.validateToken(token(), otherHost)).isEqualTo(-1);
  }

  @Test
  void aTokenLivesAMinute() {
    ByteBuf token = token();
    clock.addAndGet(60_000);
    assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(40);
    clock.addAndGet(1);
    assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
    clock.addAndGet(-70_000);
    assertThat(tokens.validateToken(token, CLIENT)).isEqualTo(-1);
  }

  /**
   * A client that lost everything after the Retry sends again after 1, 3, 7, 15 and 31 seconds (RFC
   * 9002 sections 6.2.1 and 6.2.2: three times 333 ms, doubled each time), until it idles out.
   */
  @Test
  void aTokenOutlivesEveryRetransmissionOfAHandshake() {
    long idleMillis = QuicListenerConfig.of(CLIENT, LOCAL).idleTimeout().toMillis();
    ByteBuf token = token();
    long issuedMillis = clock.get();
    long afterMillis = 0;
    for (long probeMillis = 999; afterMillis + probeMillis < idleMillis; probeMillis *= 2) {
      afterMillis += probeMillis;
      clock.set(issuedMillis + afterMillis);
      assertThat(tokens.validateToken(token, CLIENT)).as("%s ms", afterMillis).isEqualTo(40);
    }
    assertThat(afterMillis).isGreaterThan(30_000);
  }

  @Test
  void anyChangedBitInvalidatesIt() {
    ByteBuf token = token();
    for (int bit = 0; bit < token.readableBytes() * 8; bit++) {
      ByteBuf changed = token.copy();
      changed.setByte(bit / 8, changed.getByte(bit / 8) ^ (1 << (bit % 8)));
      assertThat(tokens.validateToken(changed, CLIENT)).as("bit " + bit).isEqualTo(-1);
    }
  }

  @Test
  void anyLengthOfGarbageIsInvalid() {
    for (int length = 0; length < 100; length++) {
      assertThat(tokens.validateToken(Unpooled.wrappedBuffer(new byte[length]), CLIENT))
          .isEqualTo(-1);
    }
    assertThat(tokens(2).validateToken(token(), CLIENT)).isEqualTo(-1);
  }

  @Test
  void ourClientProvesItsAddressWithOneAndTwoLoops() throws InterruptedException {
    for (int loops : List.of(1, 2)) {
      UnaryOperator<QuicListenerConfig> always = config -> config.withAddressValidation(ALWAYS, 0);
      ServerTrust trust = new ServerTrust.Authorities(List.of(AUTHORITY.ca()));
      try (TestServer server = TestServer.start(loops, LOCAL, always);
          TestClient client = new TestClient(QuicClientConfig.trusting(trust))) {
        TestClient.Peer peer = client.connect(server.address());
        assertThat(peer.echo(ByteString.copyFromUtf8("x")).size()).isEqualTo(1);
      }
    }
  }
}
