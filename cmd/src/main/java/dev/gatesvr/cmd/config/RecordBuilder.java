package dev.gatesvr.cmd.config;

import dev.gatesvr.cmd.config.ConfigNode.Leaf;
import dev.gatesvr.cmd.config.ConfigNode.Section;
import dev.gatesvr.gateway.config.ConfigException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/**
 * Calls the records' constructors with what was set and the defaults for the rest.
 *
 * @param settings the last word on each key that was set, by path
 */
record RecordBuilder(Map<String, Setting> settings) {

  /**
   * Builds the record of a section and those nested in it.
   *
   * @throws ConfigException naming the origin of the value that its record refuses
   */
  Record build(Section section) {
    Object[] values =
        section.children().stream()
            .map(
                child ->
                    switch (child) {
                      case Section nested -> build(nested);
                      case Leaf leaf -> value(leaf);
                    })
            .toArray();
    try {
      return constructor(section.type()).newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof ConfigException refused) {
        throw located(refused);
      }
      throw new IllegalStateException("cannot build " + section.type(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot build " + section.type(), e);
    }
  }

  /** The same mistake with the origin of its value in front. */
  ConfigException located(ConfigException mistake) {
    Setting setting = settings.get(mistake.key());
    if (setting != null) {
      return new ConfigException(setting.origin() + ": " + mistake.getMessage());
    }
    return mistake.key().isEmpty() || settings.isEmpty()
        ? mistake
        : new ConfigException(mistake.getMessage() + "; that is the default, set it as well");
  }

  private Object value(Leaf key) {
    Setting setting = settings.get(key.path());
    if (setting == null) {
      return key.defaultValue();
    }
    try {
      return Values.parse(key.type(), setting.text());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s: %s: %s (expected: %s)"
              .formatted(
                  setting.origin(),
                  key.path(),
                  Values.shown(key.path(), setting.text()),
                  e.getMessage()));
    }
  }

  private static Constructor<? extends Record> constructor(Class<? extends Record> type)
      throws NoSuchMethodException {
    return type.getDeclaredConstructor(
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new));
  }
}
