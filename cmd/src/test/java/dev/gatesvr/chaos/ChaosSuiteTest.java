package dev.gatesvr.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What {@code make chaos} runs. {@code -Dchaos.args="rounds=20 scenario=NAME seed=N"}. */
class ChaosSuiteTest {
  private static final Path FOLDER = Path.of("target", "chaos");

  @Test
  @Tag("chaos")
  void everyFaultIsSurvived() {
    Map<String, String> args = arguments();
    int rounds = Integer.parseInt(args.getOrDefault("rounds", "20"));
    long first = Long.parseLong(args.getOrDefault("seed", "1"));
    List<Report> bad = new ArrayList<>();
    try (Chaos chaos =
        new Chaos(FOLDER.resolve("run-" + ProcessHandle.current().pid()), ChaosSuiteTest::say)) {
      for (Scenario scenario : chosen(args)) {
        for (long seed = first; seed < first + rounds; seed++) {
          Report report = chaos.play(scenario, seed);
          if (!report.good()) {
            bad.add(report);
          }
        }
      }
      chaos.summary();
    }
    assertThat(bad).isEmpty();
  }

  private static List<Scenario> chosen(Map<String, String> args) {
    String names = args.getOrDefault("scenario", "");
    return names.isEmpty()
        ? Chaos.scenarios()
        : Arrays.stream(names.split(",")).map(Chaos::scenario).toList();
  }

  private static Map<String, String> arguments() {
    Map<String, String> args = new TreeMap<>();
    for (String word : System.getProperty("chaos.args", "").strip().split("\\s+")) {
      if (!word.isEmpty()) {
        String[] pair = word.split("=", 2);
        if (pair.length < 2 || !List.of("rounds", "scenario", "seed").contains(pair[0])) {
          throw new IllegalArgumentException(
              word + " (expected: rounds=N, scenario=NAME[,NAME] or seed=N)");
        }
        args.put(pair[0], pair[1]);
      }
    }
    return args;
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
