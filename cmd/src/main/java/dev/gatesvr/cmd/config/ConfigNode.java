package dev.gatesvr.cmd.config;

import java.util.List;

/** A section or a key of the configuration, as the records declare it. */
sealed interface ConfigNode {
  /** The full key in snake case, such as {@code backup.heartbeat.interval}; empty at the root. */
  String path();

  String description();

  /** The last part of the path. */
  default String name() {
    return path().substring(path().lastIndexOf('.') + 1);
  }

  /**
   * A nested record.
   *
   * @param children in the order of the constructor's parameters
   */
  record Section(
      String path, String description, Class<? extends Record> type, List<ConfigNode> children)
      implements ConfigNode {}

  /** A value. */
  record Leaf(String path, String description, Class<?> type, Object defaultValue)
      implements ConfigNode {
    /** The description, with the words there are to choose from. */
    String explanation() {
      return type.isEnum() ? description + " (" + Values.choices(type) + ")" : description;
    }

    /** The default as the file would write it. */
    String defaultText() {
      return Values.format(defaultValue);
    }
  }
}
