package dev.gatesvr.bench.ratio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class RatioTest {
  @Test
  void takesTheMiddleRoundAndTheOutermostAsItsSpread() {
    assertThat(Ratio.of(List.of(1.4, 1.1, 1.2))).isEqualTo(new Ratio(1.2, 1.1, 1.4));
    assertThat(Ratio.of(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
  }

  @Test
  void claimsNothingWhenRoundsDisagree() {
    assertThat(Ratio.of(List.of(0.9, 1.3, 1.2)).claims()).isFalse();
    assertThat(Ratio.of(List.of(0.9, 1.3, 1.2))).asString().endsWith("no claim");
    assertThat(Ratio.of(List.of(1.1, 1.3, 1.2)).claims()).isTrue();
    assertThat(Ratio.of(List.of(0.7, 0.8)).claims()).isTrue();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theKernelKnowsThisProcess() throws IOException {
    ProcessAccount self = new ProcessAccount(ProcessHandle.current().pid());
    ProcessAccount.Cpu cpu = self.cpu();
    assertThat(cpu.working()).isPositive().isLessThanOrEqualTo(cpu.total());
    assertThat(self.rssBytes()).isGreaterThan(10_000_000);
    assertThat(self.threads()).isGreaterThan(1);
  }
}
