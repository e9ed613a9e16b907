package dev.gatesvr.gateway.config;

/**
 * The HTTP endpoints for operators.
 *
 * @param pprofRemote whether {@code /debug/pprof/} answers anyone but loopback
 */
public record AdminConfig(boolean pprofRemote) {
  public static AdminConfig defaults() {
    return new AdminConfig(false);
  }
}
