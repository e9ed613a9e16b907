package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.cmd.Cli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code client}. Flags win over the environment, that over the defaults. */
@Command(
    name = "client",
    description = "A player: asks for actions, shows what is pushed, measures.",
    footer = {
      "",
      "Exit codes: 0 everything was answered with 200, 1 something was not, 2 a mistake in flags."
    },
    sortOptions = false)
public final class ClientMain implements Callable<Integer> {
  private static final String DEFAULT_SERVER = "localhost:8453";
  private static final Path DEVELOPMENT_CA = Path.of("certs", "ca.crt");
  private static final Duration HEALTH_HEARTBEAT = Duration.ofMillis(100);
  private static final int CLIENTS_MAX = 100_000;

  private final Map<String, String> environment;

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private ClientFlags flags = new ClientFlags();

  /** The program with the environment of this process. */
  public ClientMain() {
    this(System.getenv());
  }

  ClientMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new ClientMain(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      check();
      return run(mode());
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What the program does. */
  enum Mode {
    INTERACTIVE,
    TEST,
    PERFORMANCE,
    HEALTH_CHECK
  }

  private int run(Mode mode) throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    return switch (mode) {
      case INTERACTIVE ->
          new InteractiveMode(
                  name(),
                  new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())),
                  out)
              .run(builder(openid()));
      case TEST ->
          new TestMode(out, ActionInput.of(action(), flags.data), flags.count, flags.interval)
              .run(connect(builder(openid())));
      case PERFORMANCE ->
          new PerformanceMode(flags, ActionInput.of(action(), flags.data), out)
              .run(this::builder, trustDescription());
      case HEALTH_CHECK -> checkHealth(out);
    };
  }

  private int checkHealth(PrintWriter out) throws InterruptedException {
    try (GatewayClient client = connect(builder(openid()).heartbeat(HEALTH_HEARTBEAT))) {
      long end = System.nanoTime() + flags.connectTimeout.toNanos();
      while (client.rtt().isZero() && System.nanoTime() < end) {
        Thread.sleep(5);
      }
      if (client.rtt().isZero()) {
        throw new IllegalStateException(server() + ": no answer to a heartbeat");
      }
      out.printf("%s is healthy, %.1f ms%n", server(), client.rtt().toNanos() / 1e6);
      return Cli.OK;
    }
  }

  private GatewayClient connect(GatewayClientBuilder builder) throws InterruptedException {
    return Connecting.ready(builder, server(), flags.connectTimeout);
  }

  // ---------------------------------------------------------------- what was asked for

  Mode mode() {
    if (flags.healthCheck) {
      return Mode.HEALTH_CHECK;
    }
    if (flags.performance) {
      return Mode.PERFORMANCE;
    }
    if (flags.test != null) {
      return Mode.TEST;
    }
    String wanted = flags.interactive ? "interactive" : environment.getOrDefault("CLIENT_MODE", "");
    return switch (wanted) {
      case "", "interactive" -> Mode.INTERACTIVE;
      case "test" -> Mode.TEST;
      case "performance" -> Mode.PERFORMANCE;
      default ->
          throw new IllegalArgumentException(
              "CLIENT_MODE: " + wanted + " (expected: interactive, test or performance)");
    };
  }

  private void check() {
    range("-count", flags.count, 1, Integer.MAX_VALUE);
    range("-clients", flags.clients, 1, CLIENTS_MAX);
    range("-max-requests", flags.maxRequests, 0, Integer.MAX_VALUE);
    range("-openid-start", flags.openidStart, 0, Integer.MAX_VALUE);
    range("-openid-end", flags.openidEnd, flags.openidStart, Integer.MAX_VALUE);
    if (mode() == Mode.PERFORMANCE) {
      long openids = (long) flags.openidEnd - flags.openidStart + 1;
      range("-clients", flags.clients, 1, Math.min(CLIENTS_MAX, openids));
    }
  }

  private static void range(String flag, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          flag + ": " + value + " (expected: " + min + " to " + max + ")");
    }
  }

  String server() {
    return flags.server != null
        ? flags.server
        : environment.getOrDefault("SERVER_ADDR", DEFAULT_SERVER);
  }

  /** Stays the same for one run, once asked for. */
  String openid() {
    if (flags.openid == null) {
      String random = Integer.toString(ThreadLocalRandom.current().nextInt(10_000, 100_000));
      flags.openid = environment.getOrDefault("CLIENT_OPENID", random);
    }
    return flags.openid;
  }

  private String name() {
    return flags.id != null ? flags.id : "client-" + openid();
  }

  private String action() {
    String otherwise = mode() == Mode.PERFORMANCE ? "echo" : "hello";
    return flags.test != null ? flags.test : otherwise;
  }

  private String trustDescription() {
    return flags.skipTlsVerify ? "certificates not verified" : "certificates verified";
  }

  /** A player as the flags describe it, not yet connected. */
  private GatewayClientBuilder builder(String openid) {
    GatewayClientBuilder builder =
        GatewayClient.builder()
            .openid(openid)
            .token(flags.token)
            .connectTimeout(flags.connectTimeout);
    for (String server : server().split("\\s*,\\s*")) {
      builder.server(server);
    }
    if (flags.heartbeat != null) {
      builder.heartbeat(flags.heartbeat);
    }
    if (flags.skipTlsVerify) {
      builder.insecure();
    } else if (flags.ca != null) {
      builder.trust(flags.ca);
    } else if (Files.exists(DEVELOPMENT_CA)) {
      builder.trust(DEVELOPMENT_CA);
    }
    return builder;
  }
}
