package dev.gatesvr.gateway.admin.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;

/**
 * Who sent a request, as far as it can be told.
 *
 * @param remote the peer of the TCP connection
 * @param forwarded true when a proxy says it passes on somebody else's request
 * @param browser true when a page in a browser sent it, which any web site can make it do
 * @param authorization the header of that name, empty when there is none
 */
public record Caller(InetAddress remote, boolean forwarded, boolean browser, String authorization) {

  static Caller of(HttpHeaders headers, InetAddress remote) {
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    return new Caller(
        remote,
        headers.contains("Forwarded") || headers.contains("X-Forwarded-For"),
        headers.contains(HttpHeaderNames.ORIGIN) || headers.contains("Sec-Fetch-Site"),
        authorization == null ? "" : authorization);
  }

  /** True for a process of this machine that speaks for itself. */
  public boolean local() {
    return remote.isLoopbackAddress() && !forwarded;
  }

  /** Leaves the authorization out, so that a log line never carries it. */
  @Override
  public String toString() {
    return "Caller[" + remote.getHostAddress() + (forwarded ? ", forwarded]" : "]");
  }
}
