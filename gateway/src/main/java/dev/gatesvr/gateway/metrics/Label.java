package dev.gatesvr.gateway.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * One label of a counter, whose values are bounded in number and in form: a value beyond the last
 * free place, or with anything but lower-case letters and underscores where it is not known
 * beforehand, counts with all others. So nothing that names a player can become a series.
 * Thread-safe; asking for a known value takes no lock.
 */
final class Label {
  /** Distinct values of a label that learns: reasons and kinds are a handful each. */
  private static final int LEARNED_MAX = 16;

  private final String name;
  private final int sizeMax;
  private final ConcurrentMap<String, Integer> indexes = new ConcurrentHashMap<>();
  private final List<String> values = new ArrayList<>();

  private Label(String name, String other, List<String> known, int learnedMax) {
    this.name = name;
    this.sizeMax = 1 + known.size() + learnedMax;
    add(other);
    known.forEach(this::add);
  }

  /** A label with these values only; anything else is {@code other}. */
  static Label fixed(String name, String other, List<String> known) {
    return new Label(name, other, known, 0);
  }

  /** A label that starts with {@code known} and learns a few more words as they come. */
  static Label learning(String name, String... known) {
    return new Label(name, "other", List.of(known), LEARNED_MAX);
  }

  String name() {
    return name;
  }

  /** Places a table over this label needs, whatever is learned later. */
  int sizeMax() {
    return sizeMax;
  }

  /** The place of {@code value}, from 0; 0 is the place of all others. */
  int indexOf(String value) {
    Integer index = indexes.get(value);
    return index != null ? index : learn(value);
  }

  /** The values so far, by index. */
  synchronized List<String> values() {
    return List.copyOf(values);
  }

  private synchronized int learn(String value) {
    Integer index = indexes.get(value);
    if (index != null) {
      return index;
    }
    return values.size() < sizeMax && isWord(value) ? add(value) : 0;
  }

  private synchronized int add(String value) {
    int index = values.size();
    values.add(value);
    indexes.put(value, index);
    return index;
  }

  private static boolean isWord(String value) {
    return value.length() <= 32
        && !value.isEmpty()
        && value.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'));
  }
}
