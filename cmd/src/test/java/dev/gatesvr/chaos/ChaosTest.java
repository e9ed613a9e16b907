package dev.gatesvr.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One round each of the faults that happen most; {@code make chaos} has all of them. */
@Timeout(120)
class ChaosTest {
  private static Chaos chaos = new Chaos(Path.of("unused"), line -> {});

  @BeforeAll
  static void open() {
    chaos = new Chaos(Path.of("target", "chaos", "short"), System.out::println);
  }

  @AfterAll
  static void close() {
    chaos.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kill-primary", "pause-primary", "cut-link", "kill-standby", "switchover"})
  void isSurvived(String scenario) {
    Report report = chaos.play(Chaos.scenario(scenario), Long.getLong("seed", 1));
    assertThat(report.mistakes()).isEmpty();
  }
}
