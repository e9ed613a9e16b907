package dev.gatesvr.gateway.metrics;

import io.prometheus.client.Collector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * A counter with one or two bounded labels. Thread-safe; counting is a lookup and a {@link
 * LongAdder}. Every combination of the label values seen so far is exported, zeros too, so that a
 * rate exists before the first event.
 */
final class LabelledCounter extends Collector {
  private final String name;
  private final String help;
  private final List<Label> labels;
  private final double unit;
  private final int rowSize;
  private final LongAdder[] cells;

  /**
   * A counter with one label.
   *
   * @param unit what one count is worth when exported, such as 1e-9 for nanoseconds as seconds
   */
  LabelledCounter(String name, String help, double unit, Label label) {
    this(name, help, unit, List.of(label), 1);
  }

  /** A counter with two labels. */
  LabelledCounter(String name, String help, Label first, Label second) {
    this(name, help, 1, List.of(first, second), second.sizeMax());
  }

  private LabelledCounter(String name, String help, double unit, List<Label> labels, int rowSize) {
    this.name = name;
    this.help = help;
    this.unit = unit;
    this.labels = labels;
    this.rowSize = rowSize;
    this.cells = new LongAdder[labels.getFirst().sizeMax() * rowSize];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new LongAdder();
    }
  }

  void increment(String value) {
    add(value, 1);
  }

  void increment(String first, String second) {
    cells[labels.get(0).indexOf(first) * rowSize + labels.get(1).indexOf(second)].increment();
  }

  void add(String value, long amount) {
    cells[labels.get(0).indexOf(value)].add(amount);
  }

  long total() {
    return sum(0, cells.length);
  }

  /** The count of {@code first}, over all values of a second label. */
  long total(String first) {
    int row = labels.get(0).indexOf(first) * rowSize;
    return sum(row, row + rowSize);
  }

  /** The count of {@code second} in the second label, over all values of the first. */
  long secondTotal(String second) {
    int column = labels.get(1).indexOf(second);
    long total = 0;
    for (int i = column; i < cells.length; i += rowSize) {
      total += cells[i].sum();
    }
    return total;
  }

  /** The values of the first label so far; the first of them stands for all others. */
  List<String> firstValues() {
    return labels.get(0).values();
  }

  private long sum(int from, int to) {
    return IntStream.range(from, to).mapToLong(i -> cells[i].sum()).sum();
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<String> names = labels.stream().map(Label::name).toList();
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    List<String> rows = labels.get(0).values();
    List<String> columns = labels.size() == 1 ? List.of("") : labels.get(1).values();
    for (int row = 0; row < rows.size(); row++) {
      for (int column = 0; column < columns.size(); column++) {
        List<String> values =
            labels.size() == 1
                ? List.of(rows.get(row))
                : List.of(rows.get(row), columns.get(column));
        double exported = cells[row * rowSize + column].sum() * unit;
        samples.add(new MetricFamilySamples.Sample(name, names, values, exported));
      }
    }
    return List.of(new MetricFamilySamples(name, Type.COUNTER, help, samples));
  }
}
