package dev.gatesvr.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatesvr.bench.ratio.MeasureCommand;
import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Each part runs with tiny numbers; what it finds is looked at for its shape only. */
class MeasureCommandTest {
  @TempDir private Path folder;

  @Test
  void ratiosCompareBothKindsOfRequest() throws Exception {
    JsonNode result = run("ratios", "--connections", "2");
    for (String title : List.of("A/A", "R1", "R2", "R1 at the maximum", "R2 at the maximum")) {
      assertRatio(result.get(title).get("cpu_ratio"));
    }
    assertThat(result.get("R2").get("gateway request").get("answers").asLong()).isPositive();
  }

  @Test
  void memoryNamesTheClassesOfASession() throws Exception {
    JsonNode idle = run("memory").get("idle");
    assertThat(idle).hasSize(2);
    JsonNode session = idle.get(1);
    assertThat(session.get("connections").asInt()).isEqualTo(20);
    assertThat(session.get("heapByClass").get("dev.gatesvr.session.Session").asDouble())
        .isPositive();
    assertThat(idle.get(0).get("heapByClass").has("dev.gatesvr.session.Session")).isFalse();
  }

  @Test
  void replayHasACurve() throws Exception {
    JsonNode result = run("replay");
    for (String title : List.of("replay 1", "replay 20", "replay A/A")) {
      assertRatio(result.get(title).get("rate"));
      assertThat(result.get(title).get("b")).hasSize(2);
    }
  }

  @Test
  void resumeComparesWithBareHandshakes() throws Exception {
    JsonNode result = run("resume");
    assertRatio(result.get("R6").get("rate"));
    assertRatio(result.get("R6 A/A").get("rate"));
  }

  private static void assertRatio(JsonNode ratio) {
    assertThat(ratio.fieldNames()).toIterable().containsExactly("median", "min", "max");
    assertThat(ratio.get("max").isNumber()).isTrue();
  }

  private JsonNode run(String... words) throws IOException {
    Path file = folder.resolve("result.json");
    CommandLine line = Cli.commandLine(new MeasureCommand(List.of(words)));
    StringWriter out = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(out));
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--effort", "SMOKE", "--json", file.toString()));
    assertThat(line.execute(all.toArray(String[]::new))).as(out.toString()).isEqualTo(Cli.OK);
    return new ObjectMapper().readTree(file.toFile());
  }
}
