package dev.gatesvr.cmd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * How every program reads its command line. Options are declared with both names of the
 * predecessor's flags ({@code names = {"-quic", "--quic"}}), so that {@code -quic=:1}, {@code -quic
 * :1}, {@code --quic=:1} and {@code --quic :1} all work. {@code -version} and {@code -help} are
 * added to every program that does not declare its own.
 *
 * <p>Exit codes: 0 done, 1 failed while running, 2 a mistake in flags or configuration.
 */
public final class Cli {
  public static final int OK = 0;
  public static final int FAILED = 1;
  public static final int USAGE = 2;

  private static final int LAST = 1_000;
  private static final int HELP_COLUMNS = 100;

  private Cli() {}

  /**
   * Parses and runs a picocli command. A mistake in the flags prints one line on stderr.
   *
   * @return the exit code
   */
  public static int run(Callable<Integer> command, String... args) {
    Logs.bridge();
    return commandLine(command).execute(args);
  }

  /** The same without running, for tests of flags. */
  public static CommandLine commandLine(Callable<Integer> command) {
    CommandLine line = new CommandLine(command);
    addStandardOptions(line.getCommandSpec());
    line.getSubcommands().values().forEach(sub -> addStandardOptions(sub.getCommandSpec()));
    line.setUsageHelpWidth(HELP_COLUMNS);
    line.setPosixClusteredShortOptionsAllowed(false);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.registerConverter(Duration.class, Durations::parse);
    line.setParameterExceptionHandler(Cli::onParameterError);
    line.setExecutionExceptionHandler(Cli::onExecutionError);
    return line;
  }

  private static void addStandardOptions(CommandSpec spec) {
    if (spec.findOption("-version") == null) {
      spec.addOption(
          OptionSpec.builder("-version", "--version")
              .versionHelp(true)
              .order(LAST)
              .description("Prints the version.")
              .build());
      spec.versionProvider(new Version());
    }
    if (spec.findOption("-help") == null) {
      spec.addOption(
          OptionSpec.builder("-help", "--help", "-h")
              .usageHelp(true)
              .order(LAST)
              .description("Prints this.")
              .build());
    }
  }

  private static int onParameterError(ParameterException e, String[] args) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    e.getCommandLine().getErr().println(name + ": " + e.getMessage() + " (see " + name + " -help)");
    return USAGE;
  }

  private static int onExecutionError(
      Exception e, CommandLine line, CommandLine.ParseResult result) {
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + e.getMessage());
    return FAILED;
  }

  /** Prints the version that the build stamped. */
  public static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"${COMMAND-NAME} " + version()};
    }
  }

  /** The version that the build stamped, such as {@code 0.1.0-SNAPSHOT}. */
  public static String version() {
    Properties properties = new Properties();
    try (InputStream in = Cli.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("version.properties is missing from the build");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version", "unknown");
  }
}
