package dev.gatesvr.gateway.admin.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * One request, as far as a page needs it.
 *
 * @param path decoded, without the query
 * @param query decoded; of a repeated name the first value
 * @param head true when the client wants no body
 * @param remote the peer of the TCP connection
 * @param forwarded true when a proxy says it passes on somebody else's request
 */
public record Request(
    String path, Map<String, String> query, boolean head, InetAddress remote, boolean forwarded) {

  /** Query parameters above this are ignored. */
  private static final int PARAMETERS_MAX = 16;

  /**
   * Reads the head of a request.
   *
   * @throws RequestException with 400 when the target cannot be read
   */
  static Request of(HttpRequest request, boolean head, InetAddress remote) {
    try {
      var target =
          QueryStringDecoder.builder().maxParams(PARAMETERS_MAX).build(originForm(request.uri()));
      Map<String, String> query = new HashMap<>();
      target.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
      boolean forwarded =
          request.headers().contains("Forwarded") || request.headers().contains("X-Forwarded-For");
      return new Request(target.path(), Map.copyOf(query), head, remote, forwarded);
    } catch (IllegalArgumentException e) {
      throw new RequestException(400, "request target: " + e.getMessage());
    }
  }

  /**
   * A whole number from the query.
   *
   * @throws RequestException with 400 when it is none or out of range
   */
  public int intParameter(String name, int fallback, int min, int max) {
    String text = query.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      int value = Integer.parseInt(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with a number out of range.
    }
    String shown = text.length() <= 32 ? text : text.substring(0, 32) + "…";
    throw new RequestException(
        400, name + ": " + shown + " (expected: " + min + " to " + max + ")");
  }

  /** A server must also take the absolute form that proxies send (RFC 9112 §3.2.2). */
  private static String originForm(String uri) {
    int authority = uri.indexOf("://");
    if (uri.startsWith("/") || authority < 0) {
      return uri;
    }
    int path = uri.indexOf('/', authority + 3);
    return path < 0 ? "/" : uri.substring(path);
  }
}
