package dev.gatesvr.bench.ha;

import java.util.ArrayList;
import java.util.List;

/** Rows under a head, as Markdown or as comma-separated values. Not thread-safe. */
final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... head) {
    this.head = List.of(head);
  }

  /**
   * Adds a row.
   *
   * @param cells as many as the head has
   */
  void add(List<String> cells) {
    if (cells.size() != head.size()) {
      throw new IllegalArgumentException(
          "cells: " + cells + " (expected: " + head.size() + ", one for each of " + head + ")");
    }
    rows.add(List.copyOf(cells));
  }

  /** As in docs/ha.md. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    line(text, head);
    text.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** One line for the head and one for each row; cells with a comma or a quote are quoted. */
  String csv() {
    StringBuilder text = new StringBuilder();
    csvLine(text, head);
    rows.forEach(row -> csvLine(text, row));
    return text.toString();
  }

  private static void csvLine(StringBuilder text, List<String> cells) {
    text.append(String.join(",", cells.stream().map(Table::csvCell).toList())).append('\n');
  }

  private static String csvCell(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
