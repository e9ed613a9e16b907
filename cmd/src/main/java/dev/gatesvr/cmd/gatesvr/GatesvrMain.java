package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.Logs;
import dev.gatesvr.cmd.config.ConfigLoader;
import dev.gatesvr.cmd.config.ConfigPrinter;
import dev.gatesvr.cmd.config.ConfigSchema;
import dev.gatesvr.cmd.gatesvr.GatewayStarter.Running;
import dev.gatesvr.gateway.auth.setup.Identity;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The program {@code gatesvr}. */
@Command(
    name = "gatesvr",
    description = "The gateway. Runs on embedded defaults; every key of its YAML can be set.",
    footer = {
      "",
      "Order: defaults < file < environment < flags. GATESVR_ and a key in upper case reach every",
      "key: GATESVR_OVERLOAD_PROTECTION_MAX_QPS; for server keys GATESVR_QUIC_ADDR will do.",
      "Exit codes: 0 stopped by SIGTERM or SIGINT, 1 failed, 2 a mistake in flags or configuration."
    },
    subcommands = {TokenCommand.class, KeyCommand.class},
    sortOptions = false)
public final class GatesvrMain implements Callable<Integer> {
  /** What stopping may take beyond the configured timeout before the process ends anyway. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  /** What only prints something, and so keeps no log. */
  private static final Set<String> COMMANDS = Set.of("token", "key");

  private final Map<String, String> environment;
  private final GatewayStarter starter;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private GatewayFlags flags = new GatewayFlags();

  @Option(
      names = {"-config", "--config"},
      paramLabel = "FILE",
      order = -2,
      description = "YAML configuration; without it the embedded defaults are used.")
  private @Nullable Path file;

  @Option(
      order = 20,
      names = {"-validate", "--validate"},
      description = "Checks configuration, certificate and key, and ends with 0 or 2.")
  private boolean validate;

  @Option(
      order = 21,
      names = {"-print-defaults", "--print-defaults"},
      description = "Prints every key with its default and what it is, as YAML.")
  private boolean printDefaults;

  @Option(
      order = 22,
      names = "--print-table",
      hidden = true,
      description = "The same as docs/configuration.md has it.")
  private boolean printTable;

  GatesvrMain(Map<String, String> environment, GatewayStarter starter) {
    this.environment = environment;
    this.starter = starter;
  }

  public static void main(String[] args) {
    if (args.length == 0 || !COMMANDS.contains(args[0])) {
      Logs.ofServer();
    }
    System.exit(Cli.run(new GatesvrMain(System.getenv(), LiveGateway::start), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    if (printDefaults || printTable) {
      ConfigSchema schema = ConfigSchema.gateway();
      out.print(printTable ? ConfigPrinter.markdown(schema) : ConfigPrinter.yaml(schema));
      out.flush();
      return Cli.OK;
    }
    try {
      return runOn(ConfigLoader.load(file, environment, flags.settings()), out);
    } catch (ConfigException e) {
      return mistake(e);
    }
  }

  private int runOn(ConfigLoader.Loaded loaded, PrintWriter out)
      throws IOException, InterruptedException {
    try {
      Optional<String> invalid = ServerCertificate.check(loaded.config().server(), Instant.now());
      if (validate) {
        checkKeys(loaded.config());
        LinkCertificates.check(loaded.config().backup());
        return validated(loaded.config(), invalid, out);
      }
      invalid.ifPresent(
          why ->
              LoggerFactory.getLogger(GatesvrMain.class).warn("clients will refuse us: {}", why));
      return serve(loaded.config(), out);
    } catch (ConfigException e) {
      throw loaded.located(e);
    }
  }

  /** The key files too; a gateway reads them at its start. */
  private static void checkKeys(GatewayConfig config) {
    Identity.open(config.auth(), InstantSource.system(), trouble -> {}).close();
  }

  private int validated(GatewayConfig config, Optional<String> invalid, PrintWriter out) {
    invalid.ifPresent(
        why -> {
          throw ConfigException.of(
              "server.cert_file", config.server().certFile() + ": " + why, "a valid certificate");
        });
    out.println("configuration, certificate and key are good");
    return Cli.OK;
  }

  private int serve(GatewayConfig config, PrintWriter out)
      throws IOException, InterruptedException {
    Shutdown shutdown = Shutdown.install(config.server().shutdownTimeout().plus(STOP_GRACE));
    int exitCode = Cli.FAILED;
    try {
      log().info("gatesvr {} on {}", Cli.version(), file == null ? "embedded defaults" : file);
      Running gateway = starter.start(config);
      Banner.print(gateway, out);
      shutdown.await();
      gateway.stop();
      exitCode = Cli.OK;
    } catch (ConfigException e) {
      exitCode = Cli.USAGE;
      throw e;
    } catch (RuntimeException e) {
      log().error("cannot go on", e);
      throw e;
    } finally {
      Logs.flush();
      shutdown.finish(exitCode);
    }
    return exitCode;
  }

  /** Not a constant: main must choose the log first. */
  private static Logger log() {
    return LoggerFactory.getLogger(GatesvrMain.class);
  }

  private int mistake(ConfigException e) {
    spec.commandLine().getErr().println("gatesvr: " + e.getMessage());
    return Cli.USAGE;
  }
}
