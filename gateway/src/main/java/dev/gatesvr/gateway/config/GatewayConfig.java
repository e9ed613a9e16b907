package dev.gatesvr.gateway.config;

/** The whole configuration of one gateway. */
public record GatewayConfig(
    @Describe("addresses, certificate and connection lifetimes") ServerConfig server,
    @Describe("bounds of sessions") SessionConfig session,
    @Describe("pushes for players without a session") OfflineConfig offline,
    @Describe("when new work is refused, and when an operator is warned before that")
        OverloadConfig overloadProtection,
    @Describe("the pair: read and validated, refused when enabled until it is built")
        BackupConfig backup,
    @Describe("the HTTP endpoints for operators") AdminConfig admin) {

  public GatewayConfig {
    if (offline.enabled()) {
      offline.fits(session);
    }
  }

  /** What a gateway runs with when nothing is set. */
  public static GatewayConfig defaults() {
    return new GatewayConfig(
        ServerConfig.defaults(),
        SessionConfig.defaults(),
        OfflineConfig.defaults(),
        OverloadConfig.defaults(),
        BackupConfig.defaults(),
        AdminConfig.defaults());
  }
}
