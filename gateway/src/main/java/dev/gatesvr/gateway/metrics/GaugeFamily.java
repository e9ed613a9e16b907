package dev.gatesvr.gateway.metrics;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import java.util.List;
import java.util.Map;

/**
 * A gauge as it stands at one scrape, or a counter that is kept elsewhere.
 *
 * @param name one that ends in {@code _total} is a counter's
 * @param label the name of its label, empty when it has none
 * @param values by label value; one entry under the empty string when there is no label
 */
public record GaugeFamily(String name, String help, String label, Map<String, Double> values) {
  public GaugeFamily {
    if (label.isEmpty() && values.size() != 1) {
      throw new IllegalArgumentException(
          name + ": " + values.size() + " values (expected: 1 without a label)");
    }
    values = Map.copyOf(values);
  }

  /** A gauge without a label. */
  public static GaugeFamily of(String name, String help, double value) {
    return new GaugeFamily(name, help, "", Map.of("", value));
  }

  MetricFamilySamples samples() {
    List<String> labels = label.isEmpty() ? List.of() : List.of(label);
    List<MetricFamilySamples.Sample> samples =
        values.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(
                e ->
                    new MetricFamilySamples.Sample(
                        name,
                        labels,
                        label.isEmpty() ? List.of() : List.of(e.getKey()),
                        e.getValue()))
            .toList();
    Collector.Type type = name.endsWith("_total") ? Collector.Type.COUNTER : Collector.Type.GAUGE;
    return new MetricFamilySamples(name, type, help, samples);
  }
}
