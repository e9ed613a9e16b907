package dev.gatesvr.cmd.upstream;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.service.ServiceObserver;
import dev.gatesvr.upstream.service.UpstreamService;
import dev.gatesvr.upstream.service.UpstreamServiceBuilder;
import dev.gatesvr.upstream.service.WitnessServer;
import dev.gatesvr.upstream.service.witness.WitnessMemoryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code upstream}. Flags win over the environment, that over the defaults. */
@Command(
    name = "upstream",
    description = "Serves one zone with the demonstration actions.",
    versionProvider = Cli.Version.class,
    sortOptions = false)
public final class UpstreamMain implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-zone", "--zone"},
      paramLabel = "ZONE",
      description = "Zone to serve, 001 to 006 (UPSTREAM_ZONE; default 001).")
  private @Nullable String zone;

  @Option(
      names = {"-addr", "--addr"},
      paramLabel = "HOST:PORT",
      description = "Address to listen on (UPSTREAM_ADDR; default :9000 plus the zone).")
  private @Nullable String addr;

  @Option(
      names = {"-gateway", "--gateway"},
      paramLabel = "HOST:PORT",
      description =
          "gRPC address of a gateway, repeatable (GATEWAY_ADDR, comma separated; default"
              + " 127.0.0.1:8092).")
  private @Nullable List<String> gateways;

  @Mixin private final WitnessFlags witness = new WitnessFlags();

  @Option(
      names = {"-health-check", "--health-check"},
      description = "Ask the service at --addr for its status; exit code 0 when it is healthy.")
  private boolean healthCheck;

  @Option(
      names = {"-version", "--version"},
      versionHelp = true,
      description = "Print the version.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean versionAsked;

  @Option(
      names = {"-help", "--help", "-h"},
      usageHelp = true,
      description = "Print this.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean helpAsked;

  /** The program with the environment of this process. */
  public UpstreamMain() {
    this(System.getenv());
  }

  UpstreamMain(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    System.exit(Cli.run(new UpstreamMain(), args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      if (healthCheck) {
        return checkHealth();
      }
      return witness.only() ? serveAsWitness() : serve();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int checkHealth() {
    InstanceAddress address = InstanceAddress.parse(listenAddress(), "127.0.0.1");
    String problem = HealthCheck.problemOf(address);
    say(problem.isEmpty() ? address + " is healthy" : address + ": " + problem);
    return problem.isEmpty() ? Cli.OK : Cli.FAILED;
  }

  private int serve() throws IOException, InterruptedException {
    UpstreamServiceBuilder builder = settings();
    UpstreamService service;
    try {
      service = builder.start();
    } catch (WitnessMemoryException e) {
      throw e;
    } catch (IOException e) {
      throw cannotBind(e);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> drain(service, stopped), "upstream-stop"));
    say(
        "upstream zone "
            + service.zone()
            + " listening on "
            + service.address()
            + ", gateways "
            + String.join(", ", gatewayAddresses()));
    stopped.await();
    return Cli.OK;
  }

  private IllegalArgumentException cannotBind(IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new IllegalArgumentException(
        "addr: " + listenAddress() + " cannot be bound, " + cause.getMessage(), e);
  }

  private int serveAsWitness() throws IOException, InterruptedException {
    WitnessServer server;
    try {
      server = startWitness();
    } catch (WitnessMemoryException e) {
      throw e;
    } catch (IOException e) {
      throw cannotBind(e);
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                  Runtime.getRuntime().halt(Cli.OK);
                },
                "witness-stop"));
    say("witness listening on " + server.address());
    stopped.await();
    return Cli.OK;
  }

  /** The witness of {@code --witness-only}, started. */
  WitnessServer startWitness() throws IOException {
    Path directory = witness.directory(environment);
    if (directory == null) {
      throw new IllegalStateException("a witness without a directory");
    }
    return WitnessServer.start(listenAddress(), directory, witness.init());
  }

  /** On SIGTERM and SIGINT: a stop that went well is exit code 0, not the signal's number. */
  private static void drain(UpstreamService service, CountDownLatch stopped) {
    service.stop(DRAIN);
    stopped.countDown();
    Runtime.getRuntime().halt(Cli.OK);
  }

  /** The service as flags and environment describe it, not yet started. */
  UpstreamServiceBuilder settings() {
    UpstreamServiceBuilder builder =
        UpstreamService.builder()
            .zone(zoneName())
            .listen(listenAddress())
            .serviceName("upstream-" + zoneName())
            .observer(new Announcer());
    gatewayAddresses().forEach(builder::gateway);
    witness.addTo(builder, environment);
    new DemoActions(zoneName(), InstantSource.system()).addTo(builder);
    return builder;
  }

  String zoneName() {
    return zone != null ? zone : environment.getOrDefault("UPSTREAM_ZONE", "001");
  }

  String listenAddress() {
    if (addr != null) {
      return addr;
    }
    String fromEnvironment = environment.get("UPSTREAM_ADDR");
    if (fromEnvironment != null) {
      return fromEnvironment;
    }
    return witness.only() ? WitnessFlags.ADDRESS : ":9" + zoneName();
  }

  List<String> gatewayAddresses() {
    if (gateways != null) {
      return gateways;
    }
    return List.of(environment.getOrDefault("GATEWAY_ADDR", "127.0.0.1:8092").split("\\s*,\\s*"));
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("not run by the command line");
    }
    return spec;
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private void say(String line) {
    out().println(line);
    out().flush();
  }

  /** One line for each change, for people and for scripts that wait for it. */
  private final class Announcer implements ServiceObserver {
    @Override
    public void onRegistered(String gateway) {
      say("upstream zone " + zoneName() + " registered with " + gateway);
    }

    @Override
    public void onLost(String gateway, String why) {
      say("upstream zone " + zoneName() + " not registered with " + gateway + ": " + why);
    }
  }
}
