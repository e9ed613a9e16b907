package dev.gatesvr.gateway.config;

import java.util.List;

/**
 * A list of secrets in the configuration. Immutable; says nothing about them when it is printed.
 */
public final class Secrets {
  public static final Secrets NONE = new Secrets(List.of());

  private final List<String> entries;

  public Secrets(List<String> entries) {
    this.entries = List.copyOf(entries);
  }

  /** The secrets in the clear. */
  public List<String> reveal() {
    return entries;
  }

  public boolean isEmpty() {
    return entries.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secrets that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  /** How many there are. */
  @Override
  public String toString() {
    return entries.size() + " hidden";
  }
}
