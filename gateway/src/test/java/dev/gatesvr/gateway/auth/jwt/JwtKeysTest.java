package dev.gatesvr.gateway.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.support.Vectors;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JwtKeysTest {
  private static final String SECRET = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY";

  @Test
  void readsAJwkSetAndLines() {
    assertThat(JwtKeys.parseFile(Vectors.get("jwks")))
        .hasToString("JwtKeys[r1 RS256, e1 ES256, h1 HS256]");
    assertThat(JwtKeys.parseFile("# secret\nb:" + SECRET + "\na:" + SECRET))
        .hasToString("JwtKeys[b HS256, a HS256]");
    assertThat(JwtKeys.parseFile("{\"keys\":[{\"kty\":\"oct\",\"k\":\"" + SECRET + "\"}]}"))
        .hasToString("JwtKeys[unnamed HS256]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|a JWK Set",
        "{\"keys\":[]}|1 to 64 keys",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}|key 1: a usable key",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"SECRET\",\"alg\":\"HS512\"}]}|key 1: alg HS256 or none",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"SECRET\",\"alg\":\"none\"}]}|key 1: alg HS256 or none",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"SECRET\",\"use\":\"enc\"}]}|key 1: use sig or none",
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"SECRET\"},{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"SECRET\"}]}|twice",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"wNHbGwVvRz1v\",\"e\":\"AQAB\"}]}|key 1: an oct key, an RSA key",
        "a:c2VjcmV0|key 1: base64 of 32 to 1024 bytes",
        "nothing|key 1: id:base64"
      })
  void refusesWhatIsNotSafeAndNeverQuotesIt(String text, String expected) {
    assertThatThrownBy(() -> JwtKeys.parseFile(text.replace("SECRET", SECRET)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected)
        .message()
        .doesNotContain(SECRET)
        .doesNotContain("c2VjcmV0");
  }

  @Test
  void publicKeysMakeNoTokens() {
    String rsa = Vectors.get("jwks").replaceFirst(", \\{\"kty\": \"EC\".*", "]}");
    JwtMint mint = new JwtMint(JwtKeys.parseFile(rsa), InstantSource.system());
    JwtRules rules = new JwtRules("", "", Duration.ZERO);
    assertThatThrownBy(() -> mint.mint("10000", Duration.ofMinutes(1), rules))
        .hasMessage("JwtKeys[r1 RS256] (expected: a secret or private key among them)");
  }
}
