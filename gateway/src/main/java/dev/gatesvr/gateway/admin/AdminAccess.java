package dev.gatesvr.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatesvr.gateway.admin.http.Caller;
import dev.gatesvr.gateway.admin.http.RequestException;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;

/**
 * Who may change something. With a token: who shows it, from anywhere. Without one: a process of
 * this machine, but no page in a browser that runs on it, for any web site could send that.
 */
final class AdminAccess {
  private static final String SCHEME = "bearer ";

  private final byte[] token;

  /**
   * @param token {@code admin.token}, empty for none
   */
  AdminAccess(String token) {
    this.token = token.getBytes(UTF_8);
  }

  /**
   * Lets the caller pass.
   *
   * @throws RequestException with 401 or 403 when it may not
   */
  void check(Caller caller) {
    if (token.length == 0) {
      if (!caller.local() || caller.browser()) {
        throw new RequestException(403, "admin.token is not set: loopback only, and no browser");
      }
    } else if (!shown(caller.authorization())) {
      throw new RequestException(
          401,
          "authorization: missing or wrong (expected: Bearer and admin.token)",
          Map.of("WWW-Authenticate", "Bearer"));
    }
  }

  private boolean shown(String authorization) {
    boolean bearer =
        authorization.length() > SCHEME.length()
            && authorization.substring(0, SCHEME.length()).toLowerCase(Locale.ROOT).equals(SCHEME);
    // Its time does not depend on where the two differ.
    return bearer
        && MessageDigest.isEqual(authorization.substring(SCHEME.length()).getBytes(UTF_8), token);
  }
}
