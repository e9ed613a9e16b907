package dev.gatesvr.gateway.config;

/** The whole configuration of one gateway. */
public record GatewayConfig(
    ServerConfig server,
    SessionConfig session,
    OverloadConfig overloadProtection,
    BackupConfig backup,
    AdminConfig admin) {

  /** What a gateway runs with when nothing is set. */
  public static GatewayConfig defaults() {
    return new GatewayConfig(
        ServerConfig.defaults(),
        SessionConfig.defaults(),
        OverloadConfig.defaults(),
        BackupConfig.defaults(),
        AdminConfig.defaults());
  }
}
