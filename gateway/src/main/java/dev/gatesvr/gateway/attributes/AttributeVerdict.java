package dev.gatesvr.gateway.attributes;

import java.util.Locale;

/** What became of an attribute that was to be set. */
public enum AttributeVerdict {
  SET,
  /** The name is empty, longer than it may be, or holds control characters. */
  INVALID_NAME,
  /** The value is longer than it may be. */
  VALUE_TOO_LONG,
  /** The session has as many as it may, or as many bytes of them. */
  FULL;

  /** Its value in Prometheus. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
