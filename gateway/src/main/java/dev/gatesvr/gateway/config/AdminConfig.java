package dev.gatesvr.gateway.config;

/** The HTTP endpoints for operators. */
public record AdminConfig(
    @Describe("whether /debug/pprof/ answers anyone but loopback") boolean pprofRemote,
    @Describe(
            "what requests that change something carry as a bearer token, 16 to 256 printable"
                + " characters; without it only loopback may send them")
        String token) {
  private static final int TOKEN_MIN = 16;
  private static final int TOKEN_MAX = 256;

  public AdminConfig {
    boolean printable = token.chars().allMatch(c -> c > ' ' && c < 0x7f);
    boolean fits = token.length() >= TOKEN_MIN && token.length() <= TOKEN_MAX;
    if (!token.isEmpty() && !(printable && fits)) {
      throw ConfigException.of(
          "admin.token",
          token.length() + " characters, not shown",
          TOKEN_MIN + " to " + TOKEN_MAX + " printable ASCII characters without spaces, or empty");
    }
  }

  public static AdminConfig defaults() {
    return new AdminConfig(false, "");
  }

  /** Leaves the token out, so that a log line never carries it. */
  @Override
  public String toString() {
    return "AdminConfig[pprofRemote="
        + pprofRemote
        + ", token="
        + (token.isEmpty() ? "none" : "set")
        + "]";
  }
}
