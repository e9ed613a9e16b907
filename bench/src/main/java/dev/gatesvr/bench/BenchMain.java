package dev.gatesvr.bench;

import dev.gatesvr.bench.baseline.BareMain;
import dev.gatesvr.bench.ha.HaCommand;
import dev.gatesvr.bench.ratio.MeasureCommand;
import dev.gatesvr.cmd.Cli;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * The program {@code bench}: {@code load}, {@code bare} or {@code ha}, else the parts to measure.
 * Without one of these words it is {@code load} when a server is named.
 */
public final class BenchMain {
  private BenchMain() {}

  public static void main(String[] args) {
    List<String> words = List.of(args);
    String name = words.isEmpty() ? "" : words.getFirst();
    boolean named = List.of("load", "bare", "ha").contains(name);
    String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
    System.exit(Cli.run(command(named ? name : guess(words), words), rest));
  }

  private static String guess(List<String> words) {
    boolean server =
        words.stream().anyMatch(word -> word.replaceFirst("^--?", "").startsWith("server"));
    return server ? "load" : "measure";
  }

  private static Callable<Integer> command(String name, List<String> words) {
    return switch (name) {
      case "load" -> new LoadCommand(words);
      case "bare" -> new BareMain();
      case "ha" -> new HaCommand();
      default -> new MeasureCommand(words);
    };
  }
}
