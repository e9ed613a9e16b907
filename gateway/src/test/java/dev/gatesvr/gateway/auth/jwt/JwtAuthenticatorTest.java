package dev.gatesvr.gateway.auth.jwt;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.AuthResult.Accepted;
import dev.gatesvr.gateway.auth.AuthResult.Rejected;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.support.SettableClock;
import dev.gatesvr.gateway.support.Vectors;
import dev.gatesvr.testkit.Seeds;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are made by hand from RFC 7515 and RFC 7519, or by Python; never by the library. */
class JwtAuthenticatorTest {
  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] OTHER = "fedcba9876543210fedcba9876543210".getBytes(US_ASCII);
  private static final String HEADER = "{\"alg\":\"HS256\",\"kid\":\"h1\"}";
  private static final JwtRules STRICT =
      new JwtRules("login.example", "gatesvr", Duration.ofSeconds(30));
  private static final InetSocketAddress REMOTE = InetSocketAddress.createUnresolved("x", 1);

  private final SettableClock clock = new SettableClock();
  private JwtKeys keys = secrets("h1", SECRET, "h0", OTHER);

  private static JwtKeys secrets(Object... idsAndSecrets) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < idsAndSecrets.length; i += 2) {
      String secret = Base64.getEncoder().encodeToString((byte[]) idsAndSecrets[i + 1]);
      lines.append(idsAndSecrets[i]).append(':').append(secret).append('\n');
    }
    return JwtKeys.parseFile(lines.toString());
  }

  private AuthResult login(JwtRules rules, String token) {
    return new JwtAuthenticator(() -> keys, rules, clock)
        .authenticate(new Credentials("10000", token, REMOTE))
        .toCompletableFuture()
        .join();
  }

  private AuthResult login(String token) {
    return login(STRICT, token);
  }

  private static void assertRejected(AuthResult result, String reason) {
    assertThat(result).isEqualTo(new Rejected("the credentials are not accepted", reason));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hs256(String header, String claims, byte[] secret) {
    String text = base64(header.getBytes(UTF_8)) + "." + base64(claims.getBytes(UTF_8));
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return text + "." + base64(mac.doFinal(text.getBytes(US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Claims that are good at noon, with some replaced or, by null, left out. */
  private String claims(String name, String json) {
    StringBuilder claims = new StringBuilder("{");
    String[][] all = {
      {"sub", "\"10000\""},
      {"iss", "\"login.example\""},
      {"aud", "\"gatesvr\""},
      {"exp", "" + clock.instant().plusSeconds(60).getEpochSecond()}
    };
    for (String[] claim : all) {
      if (!claim[0].equals(name)) {
        claims.append('"').append(claim[0]).append("\":").append(claim[1]).append(',');
      }
    }
    if (!json.isEmpty()) {
      claims.append('"').append(name).append("\":").append(json).append(',');
    }
    return claims.append("\"x\":0}").toString();
  }

  private String good() {
    return hs256(HEADER, claims("", ""), SECRET);
  }

  @Test
  void aGoodTokenIsGoodAsOftenAsItComes() {
    assertThat(login(good())).isEqualTo(new Accepted());
    assertThat(login(good())).isEqualTo(new Accepted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rs256", "es256", "hs256"})
  void tokensMadeByPythonAreGoodUntilTheyExpire(String name) {
    keys = JwtKeys.parseFile(Vectors.get("jwks"));
    assertThat(login(Vectors.get(name))).isEqualTo(new Accepted());
    clock.set(Instant.parse("2026-11-20T13:00:30Z"));
    assertRejected(login(Vectors.get(name)), "expired");
  }

  /** RFC 7515 appendix A.1; it has no subject, which is only looked at after the signature. */
  @Test
  void theExampleOfTheRfcIsSignedAsItSays() {
    keys =
        JwtKeys.parseFile(
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0g"
                + "ZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow\"}]}");
    String token =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogIm"
            + "h0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEj"
            + "Xk";
    JwtRules joe = new JwtRules("joe", "", Duration.ZERO);
    clock.set(Instant.ofEpochSecond(1_300_819_379));
    assertRejected(login(joe, token), "subject");
    clock.set(Instant.ofEpochSecond(1_300_819_380));
    assertRejected(login(joe, token), "expired");
    assertRejected(login(joe, token.replace("dBjf", "dBjg")), "signature");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "exp|``|no_expiry",
        "exp|null|no_expiry",
        "exp|\"never\"|malformed",
        "exp|1795175971|",
        "exp|1795175970|expired",
        "exp|0|expired",
        "nbf|1795176031|not_yet",
        "nbf|1795176030|",
        "aud|\"another\"|audience",
        "aud|[\"another\"]|audience",
        "aud|[\"another\",\"gatesvr\"]|",
        "aud|``|audience",
        "iss|\"another\"|issuer",
        "iss|``|issuer",
        "sub|\"10001\"|subject",
        "sub|\"100000\"|subject",
        "sub|10000|",
        "sub|``|subject"
      })
  void everyClaimIsLookedAt(String name, String json, String reason) {
    AuthResult result = login(hs256(HEADER, claims(name, json), SECRET));
    if (reason == null) {
      assertThat(result).isEqualTo(new Accepted());
    } else {
      assertRejected(result, reason);
    }
  }

  @Test
  void whatIsNotConfiguredIsNotAskedFor() {
    JwtRules open = new JwtRules("", "", Duration.ZERO);
    assertThat(login(open, hs256(HEADER, claims("aud", ""), SECRET))).isEqualTo(new Accepted());
    assertThat(login(open, hs256(HEADER, claims("iss", ""), SECRET))).isEqualTo(new Accepted());
    assertRejected(login(open, hs256(HEADER, claims("exp", ""), SECRET)), "no_expiry");
    assertRejected(login(open, hs256(HEADER, claims("sub", ""), SECRET)), "subject");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", ""})
  void anUnsignedTokenIsRefused(String alg) {
    String text =
        base64(("{\"alg\":\"" + alg + "\"}").getBytes(UTF_8))
            + "."
            + base64(claims("", "").getBytes(UTF_8));
    assertThat(login(text + ".")).isInstanceOf(Rejected.class);
    assertThat(login(text)).isInstanceOf(Rejected.class);
    assertThat(login(text + "." + good().substring(good().lastIndexOf('.') + 1)))
        .isInstanceOf(Rejected.class);
    assertThat(login(hs256("{\"alg\":\"" + alg + "\",\"kid\":\"h1\"}", claims("", ""), SECRET)))
        .isInstanceOf(Rejected.class);
  }

  /** RFC 8725 §2.1: the public key, which everybody has, used as an HMAC secret. */
  @Test
  void aPublicKeyIsNoSecret() {
    keys = JwtKeys.parseFile(Vectors.get("jwks"));
    String jwks = Vectors.get("jwks");
    String modulus = jwks.replaceAll(".*\"n\": \"([^\"]+)\".*", "$1");
    for (byte[] publicKey :
        new byte[][] {Base64.getUrlDecoder().decode(modulus), modulus.getBytes(US_ASCII)}) {
      String forged = hs256("{\"alg\":\"HS256\",\"kid\":\"r1\"}", claims("", ""), publicKey);
      assertRejected(login(forged), "unknown_key");
      assertRejected(login(hs256("{\"alg\":\"HS256\"}", claims("", ""), publicKey)), "signature");
      assertThat(login(hs256("{\"alg\":\"RS256\",\"kid\":\"r1\"}", claims("", ""), publicKey)))
          .isEqualTo(Rejected.because("signature"));
      assertThat(login(hs256("{\"alg\":\"RS256\",\"kid\":\"h1\"}", claims("", ""), SECRET)))
          .isEqualTo(Rejected.because("unknown_key"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA", "dir"})
  void anAlgorithmOfNoKeyIsRefused(String alg) {
    assertThat(login(hs256("{\"alg\":\"" + alg + "\",\"kid\":\"h1\"}", claims("", ""), SECRET)))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void extensionsThatMustBeUnderstoodAreNot() {
    String header = "{\"alg\":\"HS256\",\"kid\":\"h1\",\"crit\":[\"exp\"],\"exp\":1}";
    assertRejected(login(hs256(header, claims("", ""), SECRET)), "signature");
  }

  /** RFC 8725 §2.8 and its like: a key that the token brings is never used. */
  @Test
  void aKeyInTheTokenIsNotUsed() {
    String header =
        "{\"alg\":\"HS256\",\"jku\":\"http://127.0.0.1:1/\",\"x5u\":\"http://127.0.0.1:1/\"}";
    assertRejected(login(hs256(header, claims("", ""), new byte[32])), "signature");
  }

  @Test
  void theKeyIdChoosesTheKey() {
    assertThat(login(hs256("{\"alg\":\"HS256\",\"kid\":\"h0\"}", claims("", ""), OTHER)))
        .isEqualTo(new Accepted());
    assertRejected(
        login(hs256("{\"alg\":\"HS256\",\"kid\":\"h0\"}", claims("", ""), SECRET)), "signature");
    assertRejected(
        login(hs256("{\"alg\":\"HS256\",\"kid\":\"h9\"}", claims("", ""), SECRET)), "unknown_key");
  }

  @Test
  void withoutAKeyIdTheTwoNewestAreTried() {
    String header = "{\"alg\":\"HS256\"}";
    assertThat(login(hs256(header, claims("", ""), OTHER))).isEqualTo(new Accepted());
    keys = secrets("h2", new byte[32], "h1", SECRET, "h0", OTHER);
    assertThat(login(hs256(header, claims("", ""), SECRET))).isEqualTo(new Accepted());
    assertRejected(login(hs256(header, claims("", ""), OTHER)), "signature");
  }

  @Test
  void aKeyThatIsTakenAwayOpensNothing() {
    assertThat(login(good())).isEqualTo(new Accepted());
    keys = secrets("h0", OTHER);
    assertRejected(login(good()), "unknown_key");
  }

  @Test
  void noByteOfASignedPartCanBeChanged() {
    String[] parts = good().split("[.]");
    for (int part = 0; part < 3; part++) {
      byte[] bytes = Base64.getUrlDecoder().decode(parts[part]);
      for (int at = 0; at < bytes.length; at++) {
        byte[] altered = bytes.clone();
        altered[at] ^= 0x01;
        String[] token = parts.clone();
        token[part] = base64(altered);
        assertThat(login(String.join(".", token)))
            .as("part %s byte %s", part, at)
            .isInstanceOf(Rejected.class);
      }
    }
  }

  @Test
  void noTextIsAcceptedAndNoneDoesHarm() {
    Seeds.each("gateway", "JwtAuthenticatorTest#noTextIsAcceptedAndNoneDoesHarm", 50, this::fuzz);
  }

  private void fuzz(long seed) {
    Random random = new Random(seed);
    String alphabet = "eyJhbGciOi.{}[]\":,0\\u0000é" + (char) random.nextInt(0x3000);
    for (int i = 0; i < 50; i++) {
      StringBuilder header = new StringBuilder("{\"alg\":\"HS256\",");
      StringBuilder noise = new StringBuilder();
      for (int n = random.nextInt(60); n > 0; n--) {
        noise.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      assertThat(login(noise.toString())).isInstanceOf(Rejected.class);
      header.append(noise);
      assertThat(login(hs256(header.toString(), claims("", ""), OTHER)))
          .isInstanceOf(Rejected.class);
      // Signed with the right key: whoever signs nonsense is refused, not believed.
      assertThat(login(hs256(HEADER, noise.toString(), SECRET))).isInstanceOf(Rejected.class);
    }
  }

  @Test
  void deepAndLongTextsAreRefused() {
    String deep = "{\"alg\":\"HS256\",\"x\":" + "[".repeat(3_000) + "]".repeat(3_000) + "}";
    assertThat(login(hs256(deep, claims("", ""), SECRET))).isInstanceOf(Rejected.class);
    assertThat(login(hs256(HEADER, deep, SECRET))).isInstanceOf(Rejected.class);
    assertThat(login("." + "A".repeat(8_000) + ".")).isInstanceOf(Rejected.class);
    assertThat(login(hs256(HEADER, claims("exp", "1e400"), SECRET))).isInstanceOf(Rejected.class);
    assertThat(login(hs256(HEADER, claims("exp", "-1e300"), SECRET))).isInstanceOf(Rejected.class);
  }

  @Test
  void whatTheMintMakesIsGood() {
    JwtMint mint = new JwtMint(keys, clock);
    assertThat(login(mint.mint("10000", Duration.ofMinutes(1), STRICT))).isEqualTo(new Accepted());
    clock.advance(Duration.ofSeconds(91));
    assertRejected(login(mint.mint("10001", Duration.ofMinutes(1), STRICT)), "subject");
  }
}
