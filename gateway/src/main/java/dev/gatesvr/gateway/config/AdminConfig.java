package dev.gatesvr.gateway.config;

/** The HTTP endpoints for operators. */
public record AdminConfig(
    @Describe("whether /debug/pprof/ answers anyone but loopback") boolean pprofRemote) {
  public static AdminConfig defaults() {
    return new AdminConfig(false);
  }
}
