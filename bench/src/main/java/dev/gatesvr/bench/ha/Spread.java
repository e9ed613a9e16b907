package dev.gatesvr.bench.ha;

import java.util.List;

/**
 * Percentiles of few figures: each is one that was measured (nearest rank), none is interpolated.
 *
 * @param count how many figures there were
 */
record Spread(int count, double p50, double p99, double max) {
  static final Spread NONE = new Spread(0, Double.NaN, Double.NaN, Double.NaN);

  static Spread of(List<Double> figures) {
    if (figures.isEmpty()) {
      return NONE;
    }
    List<Double> sorted = figures.stream().sorted().toList();
    return new Spread(sorted.size(), rank(sorted, 50), rank(sorted, 99), sorted.getLast());
  }

  private static double rank(List<Double> sorted, int percent) {
    int rank = Math.ceilDiv(sorted.size() * percent, 100);
    return sorted.get(Math.max(rank, 1) - 1);
  }

  /** Three cells of a table; empty ones where nothing was measured. */
  List<String> cells() {
    return List.of(cell(p50), cell(p99), cell(max));
  }

  private static String cell(double figure) {
    return Double.isNaN(figure) ? "" : "%.1f".formatted(figure);
  }
}
