package dev.gatesvr.gateway.auth;

import java.net.SocketAddress;

/**
 * What a START brings.
 *
 * @param openid who the player says to be, 1 to 128 UTF-8 bytes
 * @param token the proof, possibly empty
 * @param remoteAddress where it came from
 */
public record Credentials(String openid, String token, SocketAddress remoteAddress) {
  /** Leaves the token out, so that a log line never carries it. */
  @Override
  public String toString() {
    return "Credentials[openid=" + openid + ", remoteAddress=" + remoteAddress + "]";
  }
}
