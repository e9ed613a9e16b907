package dev.gatesvr.gateway.auth.sealed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.AuthResult.Accepted;
import dev.gatesvr.gateway.auth.AuthResult.Rejected;
import dev.gatesvr.gateway.auth.AuthResult.Unavailable;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.auth.key.Envelope;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import dev.gatesvr.gateway.auth.sealed.SealedTokenAuthenticator.Rules;
import dev.gatesvr.gateway.support.SettableClock;
import dev.gatesvr.gateway.support.Vectors;
import dev.gatesvr.testkit.Seeds;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SealedTokenAuthenticatorTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("x", 1);

  private final SettableClock clock = new SettableClock();
  private KeyRing ring =
      KeyRing.of(
          List.of(new NamedKey("k1", "0123456789abcdef0123456789abcdef".getBytes(US_ASCII))));
  private final SealedTokenMint mint = new SealedTokenMint(() -> ring, clock);
  private final SealedTokenAuthenticator authenticator = authenticator(Duration.ZERO, 1_000);

  private SealedTokenAuthenticator authenticator(Duration skew, int noncesMax) {
    return new SealedTokenAuthenticator(
        () -> ring, new Rules(Duration.ofHours(1), skew, noncesMax), clock);
  }

  private static AuthResult answer(
      SealedTokenAuthenticator authenticator, String openid, String token) {
    return authenticator
        .authenticate(new Credentials(openid, token, REMOTE))
        .toCompletableFuture()
        .join();
  }

  private AuthResult login(String token) {
    return answer(authenticator, "10000", token);
  }

  private static void assertRejected(AuthResult result, String reason) {
    assertThat(result).isEqualTo(Rejected.because(reason));
  }

  @Test
  void aTokenIsGoodOnce() {
    String token = mint.mint("10000", MINUTE);
    assertThat(login(token)).isEqualTo(new Accepted());
    assertRejected(login(token), "replayed");
    clock.advance(MINUTE.minusMillis(1));
    assertRejected(login(token), "replayed");
    assertThat(login(mint.mint("10000", MINUTE))).isEqualTo(new Accepted());
  }

  @Test
  void aTokenMadeByPythonIsGood() {
    assertThat(login(Vectors.get("sealed"))).isEqualTo(new Accepted());
    assertRejected(login(Vectors.get("sealed")), "replayed");
  }

  @Test
  void expiresAtItsTimeAndNotByTheSkewBefore() {
    String token = mint.mint("10000", MINUTE);
    clock.advance(MINUTE);
    assertRejected(login(token), "expired");
    SealedTokenAuthenticator patient = authenticator(Duration.ofSeconds(5), 10);
    clock.advance(Duration.ofMillis(4_999));
    assertThat(answer(patient, "10000", token)).isEqualTo(new Accepted());
    assertRejected(answer(patient, "10000", token), "replayed");
    clock.advance(Duration.ofMillis(1));
    assertRejected(answer(patient, "10000", token), "expired");
  }

  @Test
  void anotherPlayersTokenIsRefusedAndNotUsedUp() {
    String token = mint.mint("10001", MINUTE);
    assertRejected(login(token), "subject");
    assertThat(answer(authenticator, "10001", token)).isEqualTo(new Accepted());
  }

  @Test
  void anExpiryTooFarAheadIsRefused() {
    assertRejected(login(mint.mint("10000", Duration.ofMinutes(61))), "too_long");
    assertThat(login(mint.mint("10000", Duration.ofMinutes(60)))).isEqualTo(new Accepted());
  }

  @Test
  void fullItIsUnavailableUntilATokenExpires() {
    SealedTokenAuthenticator small = authenticator(Duration.ZERO, 2);
    String first = mint.mint("10000", MINUTE);
    assertThat(answer(small, "10000", first)).isEqualTo(new Accepted());
    assertThat(answer(small, "10000", mint.mint("10000", MINUTE.multipliedBy(2))))
        .isEqualTo(new Accepted());
    String third = mint.mint("10000", MINUTE.multipliedBy(3));
    assertThat(answer(small, "10000", third)).isEqualTo(new Unavailable("nonces_full"));
    assertRejected(answer(small, "10000", first), "replayed");
    clock.advance(MINUTE);
    assertThat(answer(small, "10000", third)).isEqualTo(new Accepted());
  }

  @Test
  void rotatedKeysOpenUntilTheyAreTakenAway() {
    String token = mint.mint("10000", MINUTE);
    NamedKey old = ring.newest();
    NamedKey fresh = new NamedKey("k2", new byte[32]);
    ring = KeyRing.of(List.of(fresh));
    assertRejected(login(token), "unknown_key");
    ring = KeyRing.of(List.of(fresh, old));
    assertThat(login(token)).isEqualTo(new Accepted());
    assertThat(login(mint.mint("10000", MINUTE))).isEqualTo(new Accepted());
  }

  @Test
  void noByteCanBeChanged() {
    byte[] token = Base64.getUrlDecoder().decode(mint.mint("10000", MINUTE));
    for (int at = 0; at < token.length; at++) {
      byte[] altered = token.clone();
      altered[at] ^= 0x01;
      assertThat(login(text(altered))).as("byte %s", at).isInstanceOf(Rejected.class);
    }
    assertThat(login(text(token))).isEqualTo(new Accepted());
  }

  @Test
  void aResumeTokenIsNoLogin() {
    Envelope resume = new Envelope("gatesvr-resume", 100, () -> ring);
    assertRejected(login(text(resume.seal(new byte[60]))), "altered");
    Envelope login = new Envelope("gatesvr-login", 100, () -> ring);
    assertRejected(login(text(login.seal(new byte[23]))), "malformed");
  }

  @Test
  void whateverIsWrongThePlayerReadsTheSame() {
    List<String> bad =
        List.of(
            "",
            "!",
            "AAAA",
            "secret",
            mint.mint("10001", MINUTE),
            mint.mint("10000", MINUTE) + "A");
    assertThat(bad.stream().map(this::login).map(Rejected.class::cast).map(Rejected::why))
        .containsOnly("the credentials are not accepted");
  }

  @Test
  void noTextIsAccepted() {
    Seeds.each("gateway", "SealedTokenAuthenticatorTest#noTextIsAccepted", 200, this::fuzz);
  }

  private void fuzz(long seed) {
    Random random = new Random(seed);
    byte[] good = Base64.getUrlDecoder().decode(mint.mint("10000", MINUTE));
    for (int i = 0; i < 100; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 8));
      for (int flips = 1 + random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (!Arrays.equals(bytes, good)) {
        assertThat(login(text(bytes))).isInstanceOf(Rejected.class);
      }
      StringBuilder noise = new StringBuilder();
      random.ints(random.nextInt(200), 0, 0x3000).forEach(c -> noise.append((char) c));
      assertThat(login(noise.toString())).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void theMintRefusesNamesThatCannotLogIn() {
    assertThatThrownBy(() -> mint.mint("", MINUTE)).hasMessageContaining("1 to 128");
    assertThatThrownBy(() -> mint.mint("é".repeat(65), MINUTE)).hasMessageContaining("130");
  }

  private static String text(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }
}
