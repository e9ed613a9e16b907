package dev.gatesvr.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.Traffic;
import dev.gatesvr.bench.ratio.MeasureCommand;
import dev.gatesvr.cmd.Cli;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class FlagsTest {
  private final LoadCommand command = new LoadCommand(List.of());
  private final CommandLine line = Cli.commandLine(command);

  @Test
  void flagsMakeAnOpenLoop() {
    line.parseArgs("-rate=250", "--warmup", "2s", "-duration", "1m", "--payload", "32");
    assertThat(command.plan())
        .isEqualTo(LoadPlan.open(250, Duration.ofSeconds(2), Duration.ofMinutes(1)));
    assertThat(command.traffic())
        .isEqualTo(new Traffic(Traffic.Kind.BUSINESS, true, 32, Traffic.Acks.EACH));
  }

  @Test
  void flagsMakeAClosedLoop() {
    line.parseArgs("--closed", "--depth", "8", "--kind", "heartbeat", "--bare");
    assertThat(command.plan().isOpen()).isFalse();
    assertThat(command.plan().depth()).isEqualTo(8);
    assertThat(command.traffic().session()).isFalse();
    assertThat(command.traffic().kind()).isEqualTo(Traffic.Kind.HEARTBEAT);
  }

  @Test
  void aRateOfNothingIsAMistakeThatNamesIt() {
    line.parseArgs("--rate", "0");
    assertThatThrownBy(command::plan)
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("rate: 0");
  }

  @Test
  void aZoneThatDoesNotExistEndsWithTwo() {
    StringWriter err = new StringWriter();
    line.setErr(new PrintWriter(err));
    assertThat(line.execute("--zone", "007")).isEqualTo(Cli.USAGE);
    assertThat(err.toString()).contains("007");
  }

  @Test
  void aPartThatDoesNotExistEndsWithTwo() {
    CommandLine measure = Cli.commandLine(new MeasureCommand(List.of()));
    StringWriter err = new StringWriter();
    measure.setErr(new PrintWriter(err));
    assertThat(measure.execute("weather")).isEqualTo(Cli.USAGE);
    assertThat(err.toString()).contains("weather");
  }
}
