package dev.gatesvr.cmd.config;

import dev.gatesvr.gateway.config.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The environment's rule: {@code GATESVR_} and the key in upper snake case reach every key ({@code
 * GATESVR_OVERLOAD_PROTECTION_MAX_QPS}); keys of {@code server} also have the predecessor's short
 * name ({@code GATESVR_QUIC_ADDR}).
 */
final class Environment {
  static final String PREFIX = "GATESVR_";

  private static final String SHORT_SECTION = "server.";

  /** Read by the launchers, not by the configuration. */
  private static final Set<String> LAUNCHER = Set.of("GATESVR_JAVA_OPTS");

  /** What Kubernetes sets in every pod when a service is named gatesvr or gatesvr-something. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "GATESVR_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.+)?)?)");

  private Environment() {}

  /**
   * Every variable there is and the key that it sets. The first of a key's names is its short one.
   */
  static Map<String, String> names(ConfigSchema schema) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String path : schema.keys().keySet()) {
      if (path.startsWith(SHORT_SECTION)) {
        put(names, path.substring(SHORT_SECTION.length()), path);
      }
      put(names, path, path);
    }
    return names;
  }

  private static void put(Map<String, String> names, String key, String path) {
    String name = PREFIX + key.replace('.', '_').toUpperCase(Locale.ROOT);
    String other = names.put(name, path);
    if (other != null) {
      throw new IllegalStateException(name + " would set both " + other + " and " + path);
    }
  }

  /**
   * The settings among the variables, in the order of their names.
   *
   * @throws ConfigException for a {@code GATESVR_} variable that sets nothing, or a key set twice
   */
  static List<Setting> read(Map<String, String> variables, ConfigSchema schema) {
    Map<String, String> names = names(schema);
    Map<String, Setting> byPath = new LinkedHashMap<>();
    for (var variable : new TreeMap<>(variables).entrySet()) {
      String name = variable.getKey();
      String path = names.get(name);
      if (path != null) {
        Setting setting = new Setting(path, variable.getValue(), "environment " + name);
        refuseConflict(byPath.put(path, setting), setting);
      } else if (isMeantForUs(name)) {
        throw new ConfigException(
            "environment %s: %s (expected: a variable that sets a key; the nearest is %s)"
                .formatted(
                    name,
                    Values.shown(name, variable.getValue()),
                    Nearest.name(name, names.keySet())));
      }
    }
    return new ArrayList<>(byPath.values());
  }

  private static void refuseConflict(@Nullable Setting first, Setting second) {
    if (first != null && !first.text().equals(second.text())) {
      throw new ConfigException(
          "%s: %s: %s (expected: the same as %s, which is %s)"
              .formatted(
                  second.origin(),
                  second.path(),
                  Values.shown(second.path(), second.text()),
                  first.origin(),
                  Values.shown(first.path(), first.text())));
    }
  }

  private static boolean isMeantForUs(String name) {
    return name.startsWith(PREFIX)
        && !LAUNCHER.contains(name)
        && !SERVICE_LINK.matcher(name).matches();
  }
}
