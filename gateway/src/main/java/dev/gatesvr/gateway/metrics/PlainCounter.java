package dev.gatesvr.gateway.metrics;

import io.prometheus.client.Collector;
import java.util.List;
import java.util.function.DoubleSupplier;

/** A counter without labels whose value is kept elsewhere and read when it is scraped. */
final class PlainCounter extends Collector {
  private final String name;
  private final String help;
  private final DoubleSupplier value;

  PlainCounter(String name, String help, DoubleSupplier value) {
    this.name = name;
    this.help = help;
    this.value = value;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    var sample = new MetricFamilySamples.Sample(name, List.of(), List.of(), value.getAsDouble());
    return List.of(new MetricFamilySamples(name, Type.COUNTER, help, List.of(sample)));
  }
}
