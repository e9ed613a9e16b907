package dev.gatesvr.gateway.config;

/** The whole configuration of one gateway. */
public record GatewayConfig(
    @Describe("addresses, certificate and connection lifetimes") ServerConfig server,
    @Describe("who may log in and resume") AuthConfig auth,
    @Describe("bounds of sessions") SessionConfig session,
    @Describe("pushes for players without a session") OfflineConfig offline,
    @Describe("when new work is refused, and when an operator is warned before that")
        OverloadConfig overloadProtection,
    @Describe("the pair: read and validated, refused when enabled until it is built")
        BackupConfig backup,
    @Describe("the HTTP endpoints for operators") AdminConfig admin) {

  public GatewayConfig {
    if (auth.resumeTokenTtl().compareTo(server.sessionTimeout()) < 0) {
      throw ConfigException.of(
          "auth.resume_token_ttl",
          Checks.text(auth.resumeTokenTtl()),
          "at least server.session_timeout, " + Checks.text(server.sessionTimeout()));
    }
    if (offline.enabled()) {
      offline.fits(session);
    }
  }

  /** What a gateway runs with when nothing is set. */
  public static GatewayConfig defaults() {
    return new GatewayConfig(
        ServerConfig.defaults(),
        AuthConfig.defaults(),
        SessionConfig.defaults(),
        OfflineConfig.defaults(),
        OverloadConfig.defaults(),
        BackupConfig.defaults(),
        AdminConfig.defaults());
  }
}
