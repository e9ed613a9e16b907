package dev.gatesvr.bench.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Results as JSON, with the raw histogram in HdrHistogram's compressed form, base64. */
public final class ReportJson {
  private ReportJson() {}

  /** A run by the names in the file. */
  public static Map<String, Object> of(LoadReport report, boolean open) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("loop", open ? "open" : "closed (max)");
    json.put("planned", report.planned());
    json.put("sent", report.sent());
    json.put("answered", report.answered());
    json.put("errors", report.errors());
    json.put("unexpected", report.unexpected());
    json.put("lost", report.lost());
    json.put("lost_players", report.lostPlayers());
    json.put("rate_per_second", report.ratePerSecond());
    json.put("latency_us", percentiles(report.latencyNanos()));
    json.put("histogram", encoded(report.latencyNanos()));
    return json;
  }

  /** The usual percentiles in microseconds, by name. */
  public static Map<String, Double> percentiles(Histogram latencyNanos) {
    Map<String, Double> micros = new LinkedHashMap<>();
    for (double percentile : List.of(50.0, 90.0, 99.0, 99.9)) {
      String name = percentile == 99.9 ? "p99.9" : "p" + (int) percentile;
      micros.put(name, latencyNanos.getValueAtPercentile(percentile) / 1e3);
    }
    micros.put("max", latencyNanos.getMaxValue() / 1e3);
    return micros;
  }

  /** The raw histogram: HdrHistogram's compressed form in base64. */
  public static String encoded(Histogram histogram) {
    ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(bytes);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(bytes.array(), length));
  }

  /** Writes a file. */
  public static void write(Path file, Map<String, Object> json) throws IOException {
    new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), json);
  }
}
