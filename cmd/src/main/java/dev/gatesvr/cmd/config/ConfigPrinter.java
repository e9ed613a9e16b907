package dev.gatesvr.cmd.config;

import dev.gatesvr.cmd.config.ConfigNode.Leaf;
import dev.gatesvr.cmd.config.ConfigNode.Section;
import java.util.Map;
import java.util.stream.Collectors;

/** The schema as an operator reads it: a commented YAML file, or the table of the documentation. */
public final class ConfigPrinter {
  private ConfigPrinter() {}

  /** Every section and key with its default; {@link ConfigLoader} reads it back as the defaults. */
  public static String yaml(ConfigSchema schema) {
    StringBuilder out =
        new StringBuilder("# Every key with its default. What is left out keeps its default.\n");
    schema.root().children().forEach(child -> append(out.append('\n'), child, ""));
    return out.toString();
  }

  private static void append(StringBuilder out, ConfigNode node, String indent) {
    String comment = node instanceof Leaf leaf ? leaf.explanation() : node.description();
    out.append(indent).append("# ").append(comment).append('\n');
    out.append(indent).append(node.name()).append(':');
    switch (node) {
      case Section section -> {
        out.append('\n');
        section.children().forEach(child -> append(out, child, indent + "  "));
      }
      case Leaf key -> out.append(' ').append(yamlValue(key)).append('\n');
    }
  }

  private static String yamlValue(Leaf key) {
    return key.type() == String.class ? '"' + key.defaultText() + '"' : key.defaultText();
  }

  /** One row per key: key, default, the shortest environment variable, description. */
  public static String markdown(ConfigSchema schema) {
    Map<String, String> variables =
        Environment.names(schema).entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey, ConfigPrinter::shorter));
    StringBuilder out =
        new StringBuilder("| key | default | environment | what it is |\n|---|---|---|---|\n");
    for (Leaf key : schema.keys().values()) {
      String value = key.defaultText().isEmpty() ? "\"\"" : key.defaultText();
      out.append(
          "| `%s` | `%s` | `%s` | %s |\n"
              .formatted(key.path(), value, variables.get(key.path()), key.explanation()));
    }
    return out.toString();
  }

  private static String shorter(String a, String b) {
    return a.length() <= b.length() ? a : b;
  }
}
