package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.ReportJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison as it stands in a result file. */
final class RatioJson {
  private RatioJson() {}

  static Map<String, Object> of(Comparison found, double rate, int rounds) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rate_per_second", rate);
    json.put("rounds", rounds);
    json.put("cpu_ratio", found.cpu());
    json.put("claims", found.cpu().claims());
    json.put("added_p99_us", found.addedP99Micros());
    for (Comparison.Total total : List.of(found.a(), found.b())) {
      json.put(
          total.name(),
          Map.of(
              "cpu_us", total.cpuMicros(),
              "compiling_share", total.compilingShare(),
              "answers", total.answers(),
              "latency_us", ReportJson.percentiles(total.latencyNanos()),
              "histogram", ReportJson.encoded(total.latencyNanos())));
    }
    return json;
  }
}
