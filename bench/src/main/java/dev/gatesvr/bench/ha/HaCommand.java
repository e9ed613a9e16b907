package dev.gatesvr.bench.ha;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench ha}: measures the pair. */
@Command(
    name = "bench ha",
    description = "Measures a pair of gateways that it starts itself, with witnesses and players.",
    subcommands = {
      FailoverCommand.class,
      SwitchoverCommand.class,
      PriceCommand.class,
      MemoryCommand.class
    })
public final class HaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "no part (expected: failover, switchover, price or memory)");
  }
}
