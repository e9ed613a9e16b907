package dev.gatesvr.gateway.config;

import java.net.URI;
import java.util.List;

/** The term register in etcd. */
public record EtcdConfig(
    @Describe("URLs of the members, such as http://10.0.0.5:2379") List<String> endpoints,
    @Describe("the key of the term register; empty is /gatesvr/PAIR/leadership") String key) {
  private static final String KEY = "backup.etcd.endpoints";

  /** More members than any etcd cluster has. */
  private static final int ENDPOINTS_MAX = 9;

  public EtcdConfig {
    endpoints = List.copyOf(endpoints);
    PairRules.distinct(KEY, endpoints, ENDPOINTS_MAX);
    endpoints.forEach(EtcdConfig::url);
    if (key.length() > 256 || key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
      throw ConfigException.of(
          "backup.etcd.key", '"' + key + '"', "up to 256 printable ASCII characters, no spaces");
    }
  }

  private static void url(String text) {
    boolean good;
    try {
      URI url = URI.create(text);
      good =
          ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
              && url.getHost() != null
              && url.getPort() > 0
              && url.getPath().isEmpty();
    } catch (IllegalArgumentException notAUrl) {
      good = false;
    }
    if (!good) {
      throw ConfigException.of(KEY, '"' + text + '"', "http://host:port or https://host:port");
    }
  }
}
