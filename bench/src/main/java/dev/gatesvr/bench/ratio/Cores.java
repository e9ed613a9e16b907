package dev.gatesvr.bench.ratio;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Which core runs what.
 *
 * @param pinned true when there are two cores and a taskset to keep them apart
 */
public record Cores(boolean pinned) {
  private static final String LOAD = "0";
  private static final String SERVER = "1";

  /** Pins this process to the load's core where that can be done. */
  public static Cores split() throws InterruptedException {
    if (Runtime.getRuntime().availableProcessors() < 2) {
      return new Cores(false);
    }
    String self = Long.toString(ProcessHandle.current().pid());
    return new Cores(runs("taskset", "-c", SERVER, "true") && runs("taskset", "-apc", LOAD, self));
  }

  private static boolean runs(String... command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** The command that runs a server under test. */
  List<String> server(List<String> command) {
    return on(SERVER, command);
  }

  /** The command that runs a part of the load. */
  List<String> load(List<String> command) {
    return on(LOAD, command);
  }

  private List<String> on(String core, List<String> command) {
    List<String> whole = new ArrayList<>();
    if (pinned) {
      whole.addAll(List.of("taskset", "-c", core));
    }
    whole.addAll(command);
    return whole;
  }

  @Override
  public String toString() {
    return pinned
        ? "servers on core " + SERVER + ", load and zone on core " + LOAD
        : "not pinned: everything shares every core";
  }
}
