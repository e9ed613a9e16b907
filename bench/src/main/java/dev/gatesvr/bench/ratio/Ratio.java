package dev.gatesvr.bench.ratio;

import java.util.List;

/**
 * A figure over rounds.
 *
 * @param median of the rounds
 * @param min the smallest round
 * @param max the largest round
 */
public record Ratio(double median, double min, double max) {
  /**
   * @param rounds at least one
   */
  public static Ratio of(List<Double> rounds) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("rounds: none (expected: at least one)");
    }
    List<Double> sorted = rounds.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Ratio(median, sorted.getFirst(), sorted.getLast());
  }

  /** False when some rounds say more and others less than 1. */
  public boolean claims() {
    return min > 1 || max < 1;
  }

  /** For figures that are no ratio. */
  public String range() {
    return "%.1f (%.1f to %.1f)".formatted(median, min, max);
  }

  @Override
  public String toString() {
    String text = "%.2f (%.2f to %.2f)".formatted(median, min, max);
    return claims() ? text : text + ", no claim";
  }
}
