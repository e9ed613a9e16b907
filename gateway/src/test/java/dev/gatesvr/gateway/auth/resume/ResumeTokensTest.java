package dev.gatesvr.gateway.auth.resume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.auth.key.Envelope;
import dev.gatesvr.gateway.auth.key.KeyRing;
import dev.gatesvr.gateway.auth.key.NamedKey;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Opened;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Reason;
import dev.gatesvr.gateway.auth.resume.ResumeResult.Refused;
import dev.gatesvr.gateway.support.SettableClock;
import dev.gatesvr.testkit.Seeds;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResumeTokensTest {
  private static final Duration TTL = Duration.ofHours(1);
  private static final ResumeClaim CLAIM = new ResumeClaim("s-1", "player-1", 7, 3);

  private final SettableClock clock = new SettableClock();
  private KeyRing ring = KeyRing.of(List.of(key("k1", 1)));
  private final ResumeTokens tokens = new ResumeTokens(() -> ring, TTL, clock);

  private static NamedKey key(String id, int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return new NamedKey(id, secret);
  }

  private ResumeResult open(ByteString token) {
    return tokens.open(token, "player-1");
  }

  @Test
  void opensWhatItSealed() {
    assertThat(open(tokens.seal(CLAIM))).isEqualTo(new Opened(CLAIM));
    ResumeClaim odd = new ResumeClaim("", "joueur-é-玩家", Long.MAX_VALUE, Long.MIN_VALUE);
    assertThat(tokens.open(tokens.seal(odd), odd.openid())).isEqualTo(new Opened(odd));
  }

  @Test
  void twoTokensOfOneClaimDiffer() {
    assertThat(tokens.seal(CLAIM)).isNotEqualTo(tokens.seal(CLAIM));
  }

  @Test
  void expiresExactlyAtItsTime() {
    ByteString token = tokens.seal(CLAIM);
    clock.advance(TTL.minusMillis(1));
    assertThat(open(token)).isEqualTo(new Opened(CLAIM));
    clock.advance(Duration.ofMillis(1));
    assertThat(open(token)).isEqualTo(new Refused(Reason.EXPIRED));
  }

  @Test
  void anotherPlayersTokenIsForeign() {
    ByteString token = tokens.seal(CLAIM);
    for (String other : List.of("player-2", "player-11", "player-", "Player-1", "")) {
      assertThat(tokens.open(token, other)).isEqualTo(new Refused(Reason.FOREIGN));
    }
  }

  @Test
  void rotatedKeysOpenUntilTheyAreTakenAway() {
    ByteString token = tokens.seal(CLAIM);
    ring = KeyRing.of(List.of(key("k2", 2), key("k1", 1)));
    assertThat(open(token)).isEqualTo(new Opened(CLAIM));
    ring = KeyRing.of(List.of(key("k3", 3), key("k2", 2)));
    assertThat(open(token)).isEqualTo(new Refused(Reason.UNKNOWN_KEY));
  }

  @Test
  void noByteCanBeChanged() {
    byte[] token = tokens.seal(CLAIM).toByteArray();
    for (int at = 0; at < token.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] altered = token.clone();
        altered[at] ^= (byte) (1 << bit);
        assertThat(open(ByteString.copyFrom(altered)))
            .as("byte %s bit %s", at, bit)
            .isInstanceOf(Refused.class);
      }
      assertThat(open(ByteString.copyFrom(token, 0, at))).isInstanceOf(Refused.class);
    }
  }

  @Test
  void isBoundedInSize() {
    ring = KeyRing.of(List.of(key("k".repeat(32), 1)));
    ResumeClaim largest = new ResumeClaim("s".repeat(64), "p".repeat(128), 1, 1);
    ByteString token = tokens.seal(largest);
    assertThat(token.size()).isEqualTo(ResumeTokens.TOKEN_BYTES_MAX).isLessThan(300);
    assertThat(tokens.open(token, largest.openid())).isEqualTo(new Opened(largest));
    assertThat(tokens.open(token.concat(ByteString.copyFrom(new byte[1])), largest.openid()))
        .isEqualTo(new Refused(Reason.MALFORMED));
    assertThatThrownBy(() -> tokens.seal(new ResumeClaim("s".repeat(65), "p", 1, 1)))
        .hasMessageContaining("session id bytes: 65 (expected: <= 64)");
    assertThatThrownBy(() -> tokens.seal(new ResumeClaim("s", "é".repeat(65), 1, 1)))
        .hasMessageContaining("openid bytes: 130 (expected: <= 128)");
  }

  @Test
  void aTokenSealedForALoginResumesNothing() {
    Envelope login = new Envelope("gatesvr-login", 200, () -> ring);
    assertThat(open(ByteString.copyFrom(login.seal(new byte[64]))))
        .isEqualTo(new Refused(Reason.ALTERED));
  }

  @Test
  void whatIsSealedButHasAnotherInsideIsMalformed() {
    Envelope same = new Envelope("gatesvr-resume", 200, () -> ring);
    for (int length = 0; length < 25; length++) {
      assertThat(open(ByteString.copyFrom(same.seal(new byte[length]))))
          .isEqualTo(new Refused(Reason.MALFORMED));
    }
    byte[] longId = new byte[30];
    longId[24] = (byte) 200;
    assertThat(open(ByteString.copyFrom(same.seal(longId))))
        .isEqualTo(new Refused(Reason.MALFORMED));
  }

  @Test
  void opensNothingThatItDidNotSeal() {
    Seeds.each("gateway", "ResumeTokensTest#opensNothingThatItDidNotSeal", 300, this::fuzz);
  }

  private void fuzz(long seed) {
    Random random = new Random(seed);
    byte[] good = tokens.seal(CLAIM).toByteArray();
    for (int i = 0; i < 200; i++) {
      byte[] bytes = random.nextBoolean() ? noise(random) : mutated(good, random);
      if (!Arrays.equals(bytes, good)) {
        assertThat(open(ByteString.copyFrom(bytes))).isInstanceOf(Refused.class);
      }
    }
  }

  /** Bytes that begin as a token would, more often than chance. */
  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(ResumeTokens.TOKEN_BYTES_MAX + 20)];
    random.nextBytes(bytes);
    byte[] start = {1, 2, 'k', '1'};
    System.arraycopy(start, 0, bytes, 0, Math.min(random.nextInt(5), bytes.length));
    return bytes;
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 4));
    for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void theTextInsideIsNotReadable() {
    assertThat(tokens.seal(CLAIM).toString(UTF_8)).doesNotContain("player-1").doesNotContain("s-1");
  }
}
