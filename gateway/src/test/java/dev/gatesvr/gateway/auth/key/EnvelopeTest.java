package dev.gatesvr.gateway.auth.key;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.auth.key.Envelope.Opening;
import dev.gatesvr.gateway.auth.key.Envelope.Opening.Failure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final byte[] PLAIN = "what is sealed".getBytes(US_ASCII);

  private final NamedKey first = key("first", 1);
  private final NamedKey second = key("second", 2);
  private KeyRing ring = KeyRing.of(List.of(first));
  private final Envelope envelope = new Envelope("test", 100, () -> ring);

  private static NamedKey key(String id, int fill) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) fill);
    return new NamedKey(id, secret);
  }

  @Test
  void opensWhatItSealed() {
    assertThat(envelope.open(envelope.seal(PLAIN)))
        .isEqualTo(new Opening.Plain(ByteBuffer.wrap(PLAIN)));
    assertThat(envelope.open(envelope.seal(new byte[0])))
        .isEqualTo(new Opening.Plain(ByteBuffer.allocate(0)));
  }

  /** The format by hand, with nothing but the JDK: what a login service elsewhere would do. */
  @Test
  void theBytesAreThoseOfTheDocument() throws Exception {
    byte[] nonce = "twelve bytes".getBytes(US_ASCII);
    byte[] head = {1, 5, 'f', 'i', 'r', 's', 't'};
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(first.bytes(), "AES"),
        new GCMParameterSpec(128, nonce));
    cipher.updateAAD("test".getBytes(US_ASCII));
    cipher.updateAAD(head);
    byte[] body = cipher.doFinal(PLAIN);
    byte[] sealed =
        ByteBuffer.allocate(head.length + 12 + body.length).put(head).put(nonce).put(body).array();
    assertThat(envelope.open(sealed)).isEqualTo(new Opening.Plain(ByteBuffer.wrap(PLAIN)));
  }

  @Test
  void theNewestSealsAndEveryKeptOneOpens() {
    byte[] old = envelope.seal(PLAIN);
    ring = KeyRing.of(List.of(second, first));
    assertThat(new String(envelope.seal(PLAIN), US_ASCII)).contains("second");
    assertThat(envelope.open(old)).isInstanceOf(Opening.Plain.class);
    ring = KeyRing.of(List.of(second));
    assertThat(envelope.open(old)).isEqualTo(Failure.UNKNOWN_KEY);
  }

  @Test
  void anotherKeyOfTheSameNameDoesNotOpen() {
    byte[] sealed = envelope.seal(PLAIN);
    ring = KeyRing.of(List.of(key("first", 3)));
    assertThat(envelope.open(sealed)).isEqualTo(Failure.ALTERED);
  }

  @Test
  void theSameKeyUnderAnotherNameDoesNotOpen() {
    byte[] sealed = envelope.seal(PLAIN);
    ring = KeyRing.of(List.of(first, key("fIrst", 1)));
    sealed[3] = 'I';
    assertThat(envelope.open(sealed)).isEqualTo(Failure.ALTERED);
  }

  @Test
  void whatWasSealedForOnePurposeIsNotOpenedForAnother() {
    Envelope other = new Envelope("other", 100, () -> ring);
    assertThat(other.open(envelope.seal(PLAIN))).isEqualTo(Failure.ALTERED);
  }

  @Test
  void noByteCanBeChangedAddedOrTaken() {
    byte[] sealed = envelope.seal(PLAIN);
    for (int at = 0; at < sealed.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] altered = sealed.clone();
        altered[at] ^= (byte) (1 << bit);
        assertThat(envelope.open(altered))
            .as("byte %s bit %s", at, bit)
            .isInstanceOf(Failure.class);
      }
      assertThat(envelope.open(Arrays.copyOf(sealed, at))).isInstanceOf(Failure.class);
    }
    assertThat(envelope.open(Arrays.copyOf(sealed, sealed.length + 1))).isEqualTo(Failure.ALTERED);
  }

  @Test
  void refusesMoreThanItsMaximumBothWays() {
    assertThatThrownBy(() -> envelope.seal(new byte[101])).hasMessageContaining("expected: <= 100");
    Envelope wide = new Envelope("test", 200, () -> ring);
    assertThat(envelope.open(wide.seal(new byte[101]))).isEqualTo(Failure.MALFORMED);
  }

  @Test
  void noTwoNoncesAreTheSame() {
    Set<ByteBuffer> nonces = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      byte[] sealed = envelope.seal(PLAIN);
      nonces.add(ByteBuffer.wrap(Arrays.copyOfRange(sealed, 7, 19)));
    }
    assertThat(nonces).hasSize(10_000);
  }
}
