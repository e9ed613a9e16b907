package dev.gatesvr.gateway.config;

/**
 * A configuration mistake, in one line that names the key, the value and what was expected, such as
 * {@code server.max_retries: -3 (expected: 1 to 100)}.
 */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  public ConfigException(String message) {
    this("", message);
  }

  private ConfigException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** A value that is not what its key takes. */
  public static ConfigException of(String key, Object value, String expected) {
    return new ConfigException(key, key + ": " + value + " (expected: " + expected + ")");
  }

  /** The key with the mistake, such as {@code server.max_retries}; empty when no single one is. */
  public String key() {
    return key;
  }
}
