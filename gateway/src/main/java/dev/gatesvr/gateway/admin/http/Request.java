package dev.gatesvr.gateway.admin.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.Map;

/**
 * One request, as far as a page needs it.
 *
 * @param method such as {@code GET}
 * @param path decoded, without the query
 * @param query decoded; of a repeated name the first value
 */
public record Request(String method, String path, Map<String, String> query, Caller caller) {

  /** Query parameters above this are ignored. */
  private static final int PARAMETERS_MAX = 16;

  /**
   * Reads the head of a request.
   *
   * @throws RequestException with 400 when the target cannot be read
   */
  static Request of(HttpRequest request, Caller caller) {
    try {
      var target =
          QueryStringDecoder.builder().maxParams(PARAMETERS_MAX).build(originForm(request.uri()));
      Map<String, String> query = new HashMap<>();
      target.parameters().forEach((name, values) -> query.put(name, values.getFirst()));
      return new Request(request.method().name(), target.path(), Map.copyOf(query), caller);
    } catch (IllegalArgumentException e) {
      throw new RequestException(400, "request target: " + e.getMessage());
    }
  }

  /** True when the client wants no body. */
  public boolean head() {
    return method.equals("HEAD");
  }

  /**
   * A text from the query, empty when it is not there.
   *
   * @throws RequestException with 400 when it is longer than {@code charsMax}
   */
  public String textParameter(String name, int charsMax) {
    String text = query.getOrDefault(name, "");
    if (text.length() > charsMax) {
      throw new RequestException(
          400, name + ": " + text.length() + " characters (expected: <= " + charsMax + ")");
    }
    return text;
  }

  /**
   * A whole number from the query.
   *
   * @throws RequestException with 400 when it is none or out of range
   */
  public int intParameter(String name, int fallback, int min, int max) {
    return (int) longParameter(name, fallback, min, max);
  }

  /** As {@link #intParameter}, for large numbers. */
  public long longParameter(String name, long fallback, long min, long max) {
    String text = query.get(name);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
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
