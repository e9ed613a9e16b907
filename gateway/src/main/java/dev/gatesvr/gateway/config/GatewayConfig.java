package dev.gatesvr.gateway.config;

/** The whole configuration of one gateway. */
public record GatewayConfig(
    @Describe("addresses, certificate and connection lifetimes") ServerConfig server,
    @Describe("who may log in and resume") AuthConfig auth,
    @Describe("bounds of sessions") SessionConfig session,
    @Describe("pushes for players without a session") OfflineConfig offline,
    @Describe("when new work is refused, and when an operator is warned before that")
        OverloadConfig overloadProtection,
    @Describe("the pair: two gateways that act as one") BackupConfig backup,
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
    if (backup.enabled()) {
      requirePlayerAddress(server, backup);
    }
  }

  /** What the players of a pair are told must be an address that they can dial. */
  private static void requirePlayerAddress(ServerConfig server, BackupConfig backup) {
    if (backup.playerAddr().isEmpty() && PairRules.isWildcard(server.quicAddr())) {
      throw ConfigException.of(
          "backup.player_addr",
          "\"\"",
          "host:port where players reach this node, because server.quic_addr, "
              + server.quicAddr()
              + ", names no host");
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
