package dev.gatesvr.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  private final Table table = new Table("mode", "ms");

  @Test
  void isMarkdown() {
    table.add(List.of("sync", "1.5"));
    assertThat(table.markdown()).isEqualTo("| mode | ms |\n|---|---|\n| sync | 1.5 |\n");
  }

  @Test
  void quotesInCsvWhatWouldBreakIt() {
    table.add(List.of("a,b", "say \"x\""));
    assertThat(table.csv()).isEqualTo("mode,ms\n\"a,b\",\"say \"\"x\"\"\"\n");
  }

  @Test
  void refusesARowOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.add(List.of("sync")))
        .withMessageContaining("expected: 2");
  }
}
