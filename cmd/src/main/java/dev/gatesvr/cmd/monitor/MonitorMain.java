package dev.gatesvr.cmd.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows a gateway's connections, rates and service times, once or until it is stopped. */
@Command(
    name = "monitor",
    description = "Shows a gateway's connections, rates and service times.",
    sortOptions = false,
    versionProvider = Cli.Version.class)
public final class MonitorMain implements Callable<Integer> {
  /** What one look waits between its two samples, so that it has rates to show. */
  private static final Duration SINGLE_LOOK_MAX = Duration.ofSeconds(1);

  private static final Duration INTERVAL_MIN = Duration.ofMillis(100);

  /** How the view is printed. */
  enum Format {
    TABLE,
    JSON
  }

  @Option(
      names = {"-server", "--server"},
      defaultValue = "localhost:8080",
      description = "the gateway's http_addr (default: ${DEFAULT-VALUE})")
  private String server = "";

  @Option(
      names = {"-interval", "--interval"},
      defaultValue = "5s",
      description = "between two samples (default: ${DEFAULT-VALUE})")
  private Duration interval = Duration.ZERO;

  @Option(
      names = {"-continuous", "--continuous"},
      description = "go on until stopped")
  private boolean continuous;

  @Option(
      names = {"-format", "--format"},
      defaultValue = "table",
      description = "table or json (default: ${DEFAULT-VALUE})")
  private Format format = Format.TABLE;

  @Option(
      names = {"-detailed", "--detailed"},
      description = "list sessions too")
  private boolean detailed;

  @Option(
      names = {"-version", "--version"},
      versionHelp = true,
      description = "print the version")
  @SuppressWarnings("UnusedVariable") // picocli acts on the annotation alone
  private boolean version;

  @Option(
      names = {"-help", "--help"},
      usageHelp = true,
      description = "print this")
  @SuppressWarnings("UnusedVariable") // picocli acts on the annotation alone
  private boolean help;

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(Cli.run(new MonitorMain(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (interval.compareTo(INTERVAL_MIN) < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "-interval: " + interval.toMillis() + "ms (expected: at least 100ms)");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (GatewayClient gateway = client()) {
      Sample before = gateway.sample(detailed);
      do {
        Thread.sleep(pause());
        Sample now = gateway.sample(detailed);
        show(out, before, now);
        before = now;
      } while (continuous && !out.checkError());
    }
    return Cli.OK;
  }

  private GatewayClient client() {
    try {
      return new GatewayClient(server);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private Duration pause() {
    return continuous || interval.compareTo(SINGLE_LOOK_MAX) < 0 ? interval : SINGLE_LOOK_MAX;
  }

  private void show(PrintWriter out, Sample before, Sample now) {
    Rates rates = Rates.between(before, now);
    if (format == Format.JSON) {
      ObjectNode line = now.json();
      line.set("rates", rates.json());
      out.println(line);
    } else {
      String redraw = continuous && Terminal.isStdout() ? Terminal.HOME_AND_CLEAR : "";
      out.print(redraw + new TableView(server, now, rates, detailed).render());
    }
    out.flush();
  }
}
