package dev.gatesvr.backup.register.etcd;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;

/**
 * What an {@link EtcdArbiter} needs to know.
 *
 * @param endpoints of the cluster's members: {@code host:port}, {@code http://host:port}, or {@code
 *     https://host:port} with certificates that the JVM trusts
 * @param key that holds the register; one per pair
 * @param timeout for one read or change, with all its attempts
 */
public record EtcdSettings(List<String> endpoints, String key, Duration timeout) {
  private static final int ENDPOINTS_MAX = 31;

  public EtcdSettings {
    endpoints = List.copyOf(endpoints);
    if (endpoints.isEmpty() || endpoints.size() > ENDPOINTS_MAX) {
      throw new IllegalArgumentException(
          "etcd endpoints: " + endpoints + " (expected: 1 to " + ENDPOINTS_MAX + ")");
    }
    endpoints.forEach(EtcdSettings::uri);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("etcd key: \"\" (expected: a key)");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
    }
  }

  List<URI> uris() {
    return endpoints.stream().map(EtcdSettings::uri).toList();
  }

  boolean withTls() {
    return uris().stream().anyMatch(uri -> uri.getScheme().equals("https"));
  }

  private static URI uri(String endpoint) {
    try {
      URI uri = new URI(endpoint.contains("://") ? endpoint : "http://" + endpoint);
      boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (known && uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below, with the whole value.
    }
    throw new IllegalArgumentException(
        "etcd endpoint: \""
            + endpoint
            + "\" (expected: \"host:port\", \"http://host:port\" or \"https://host:port\")");
  }
}
