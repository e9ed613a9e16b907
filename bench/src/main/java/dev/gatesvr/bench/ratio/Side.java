package dev.gatesvr.bench.ratio;

import dev.gatesvr.bench.load.Fleet;
import dev.gatesvr.bench.load.LoadPlan;
import dev.gatesvr.bench.load.LoadReport;
import java.io.IOException;
import java.util.List;

/**
 * One of the two that are compared.
 *
 * @param name for people
 * @param account of the server's process
 * @param load the processes that make and answer its load
 * @param fleet connected to it
 */
record Side(String name, ProcessAccount account, List<ProcessAccount> load, Fleet fleet) {
  /**
   * One run and what it cost.
   *
   * @param report what became of the requests
   * @param server CPU of the server's process
   * @param loadCpuSeconds of the processes that make and answer the load
   * @param wallSeconds from start to the last answer
   */
  record Segment(
      LoadReport report, ProcessAccount.Cpu server, double loadCpuSeconds, double wallSeconds) {
    /** The server's CPU per answer, without the JIT's. */
    double cpuMicros() {
      return server.working() * 1e6 / report.answered();
    }

    /** How busy the server was, in cores. */
    double serverShare() {
      return server.total() / wallSeconds;
    }

    /** How busy those were that made and answered the load. */
    double loadShare() {
      return loadCpuSeconds / wallSeconds;
    }
  }

  Segment run(LoadPlan plan) throws IOException, InterruptedException {
    ProcessAccount.Cpu server = account.cpu();
    double before = loadCpuSeconds();
    long startNanos = System.nanoTime();
    LoadReport report = fleet.run(plan);
    double wall = (System.nanoTime() - startNanos) / 1e9;
    if (report.answered() == 0 || report.errors() > 0 || report.lostPlayers() > 0) {
      throw new IOException(
          name
              + ": "
              + report.answered()
              + " answers, "
              + report.errors()
              + " errors, "
              + report.lostPlayers()
              + " players lost (expected: answers and none of the others)");
    }
    return new Segment(report, account.cpu().since(server), loadCpuSeconds() - before, wall);
  }

  private double loadCpuSeconds() throws IOException {
    double sum = 0;
    for (ProcessAccount part : load) {
      sum += part.cpu().total();
    }
    return sum;
  }
}
