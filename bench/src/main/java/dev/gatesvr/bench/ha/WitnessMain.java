package dev.gatesvr.bench.ha;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.upstream.service.WitnessServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Three witnesses in a process of their own: says where they listen, and ends with its standard
 * input, so that it does not outlive whoever started it.
 */
@Command(name = "bench witnesses", description = "Three witnesses for a pair that is measured.")
public final class WitnessMain implements Callable<Integer> {
  /** Precedes the number of a witness and its address in a line. */
  static final String READY = "witness ";

  /** The least of which one may fail. */
  static final int COUNT = 3;

  @Option(names = "--folder", paramLabel = "DIR", required = true, description = "For the votes.")
  private Path folder = Path.of(".");

  /** The program. */
  public static void main(String[] args) {
    System.exit(Cli.run(new WitnessMain(), args));
  }

  @Override
  public Integer call() throws IOException {
    List<WitnessServer> witnesses = new ArrayList<>();
    for (int number = 1; number <= COUNT; number++) {
      Path votes = Files.createDirectories(folder.resolve("witness-" + number));
      witnesses.add(WitnessServer.start("127.0.0.1:0", votes, true));
      System.out.println(READY + number + " on 127.0.0.1:" + witnesses.getLast().port());
    }
    while (System.in.read() >= 0) {
      // Until it ends.
    }
    witnesses.forEach(WitnessServer::close);
    return Cli.OK;
  }
}
