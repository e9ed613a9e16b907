package dev.gatesvr.cmd.config;

import dev.gatesvr.cmd.config.ConfigNode.Leaf;
import dev.gatesvr.cmd.config.ConfigNode.Section;
import dev.gatesvr.gateway.config.Describe;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every section and key that exists, with defaults and descriptions, read by reflection from a
 * record of defaults. Immutable.
 */
public final class ConfigSchema {
  private final Section root;
  private final Map<String, Section> sections = new LinkedHashMap<>();
  private final Map<String, Leaf> keys = new LinkedHashMap<>();

  private ConfigSchema(Record defaults) {
    this.root = section("", "", defaults);
  }

  /** The gateway's configuration. */
  public static ConfigSchema gateway() {
    return of(GatewayConfig.defaults());
  }

  /** The schema of any record whose components are records or values that {@link Values} reads. */
  static ConfigSchema of(Record defaults) {
    return new ConfigSchema(defaults);
  }

  Section root() {
    return root;
  }

  /** All keys by path, in the order of the records. */
  Map<String, Leaf> keys() {
    return Collections.unmodifiableMap(keys);
  }

  /** The key at a path. */
  Leaf key(String path) {
    Leaf key = keys.get(path);
    if (key == null) {
      throw new IllegalArgumentException(path + " (expected: a key of the schema)");
    }
    return key;
  }

  @Nullable Section findSection(String path) {
    return path.isEmpty() ? root : sections.get(path);
  }

  /** The nearest valid key to an unknown one: a section at the top level, otherwise a value. */
  String nearest(String path) {
    List<String> known = new ArrayList<>(keys.keySet());
    if (path.indexOf('.') < 0) {
      known.addAll(sections.keySet());
    }
    return Nearest.key(path, known);
  }

  private Section section(String path, String description, Record defaults) {
    List<ConfigNode> children = new ArrayList<>();
    for (RecordComponent component : defaults.getClass().getRecordComponents()) {
      children.add(child(path, component, valueOf(component, defaults)));
    }
    return new Section(path, description, defaults.getClass(), List.copyOf(children));
  }

  private ConfigNode child(String parent, RecordComponent component, Object value) {
    String path = (parent.isEmpty() ? "" : parent + '.') + snakeCase(component.getName());
    Describe describe = component.getAnnotation(Describe.class);
    String description = describe == null ? "" : describe.value();
    if (value instanceof Record nested) {
      Section section = section(path, description, nested);
      sections.put(path, section);
      return section;
    }
    if (!Values.supports(component.getType())) {
      throw new IllegalStateException(
          path + ": " + component.getType() + " (expected: a type that Values reads)");
    }
    Leaf key = new Leaf(path, description, component.getType(), value);
    keys.put(path, key);
    return key;
  }

  private static Object valueOf(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
