package dev.gatesvr.cmd.config;

import java.util.Collection;
import java.util.Comparator;

/** The known name that an unknown one was most likely meant to be. */
final class Nearest {
  private Nearest() {}

  /** The key whose last part is closest; among equals one of the same section. */
  static String key(String path, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(k -> distance(leaf(k), leaf(path)))
                .thenComparingInt(k -> distance(k, path))
                .thenComparing(Comparator.naturalOrder()))
        .orElse("none");
  }

  static String name(String name, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.<String>comparingInt(k -> distance(k, name))
                .thenComparing(Comparator.naturalOrder()))
        .orElse("none");
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static String leaf(String path) {
    return path.substring(path.lastIndexOf('.') + 1);
  }
}
