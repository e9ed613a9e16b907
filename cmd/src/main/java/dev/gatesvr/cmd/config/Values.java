package dev.gatesvr.cmd.config;

import dev.gatesvr.cmd.Durations;
import dev.gatesvr.gateway.config.Secrets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a value's text is read and written, by the type of its record component. */
final class Values {
  private static final Set<Class<?>> PLAIN =
      Set.of(
          String.class,
          boolean.class,
          int.class,
          long.class,
          Duration.class,
          Secrets.class,
          // Of strings.
          List.class);

  /** Names of keys and variables whose values are not repeated in a message. */
  private static final Pattern SECRET = Pattern.compile("(?i).*(key|secret|token|password).*");

  /** A leading zero would be octal in YAML, so it is no number here. */
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*(_[0-9]+)*)");

  /** A line stays a line whatever was in the file. */
  private static final int SHOWN_CHARS_MAX = 80;

  private Values() {}

  static boolean supports(Class<?> type) {
    return type.isEnum() || PLAIN.contains(type);
  }

  /**
   * Reads one value.
   *
   * @throws IllegalArgumentException whose message is what was expected
   */
  static Object parse(Class<?> type, String text) {
    if (type == String.class) {
      return text;
    } else if (type == boolean.class) {
      return bool(text);
    } else if (type == int.class) {
      return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
    } else if (type == long.class) {
      return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == Duration.class) {
      return duration(text);
    } else if (type == Secrets.class) {
      return new Secrets(elements(text));
    } else if (type == List.class) {
      return elements(text);
    }
    return constant(type, text);
  }

  static String format(Object value) {
    return switch (value) {
      case Duration duration -> Durations.format(duration);
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
      case Secrets secrets when secrets.isEmpty() -> "[]";
      default -> value.toString();
    };
  }

  /** Whether values of the type are lists, which a setting holds with commas between. */
  static boolean isList(Class<?> type) {
    return type == Secrets.class || type == List.class;
  }

  private static List<String> elements(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(e -> !e.isEmpty()).toList();
  }

  /** The value for a message, unless its name says that it may be a secret. */
  static String shown(String name, String text) {
    return SECRET.matcher(name).matches() ? "(hidden)" : shown(text);
  }

  /** The value for a message: quoted, on one line, not longer than a glance. */
  static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= SHOWN_CHARS_MAX
        ? '"' + line + '"'
        : '"'
            + line.substring(0, SHOWN_CHARS_MAX)
            + "\" and "
            + (line.length() - SHOWN_CHARS_MAX)
            + " more characters";
  }

  private static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("true or false");
    };
  }

  private static long whole(String text, long min, long max) {
    if (WHOLE.matcher(text).matches()) {
      try {
        long value = Long.parseLong(text.replace("_", ""));
        if (value >= min && value <= max) {
          return value;
        }
      } catch (NumberFormatException tooLong) {
        throw new IllegalArgumentException("a whole number up to " + max, tooLong);
      }
      throw new IllegalArgumentException("a whole number up to " + max);
    }
    throw new IllegalArgumentException("a whole number");
  }

  private static Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a duration such as 200ms, 30s, 5m or 1h30m", e);
    }
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (constant.toString().equalsIgnoreCase(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(choices(type));
  }

  /** The words of an enum: {@code never, under_load or always}. */
  static String choices(Class<?> type) {
    List<String> words = Arrays.stream(type.getEnumConstants()).map(Values::format).toList();
    return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }
}
