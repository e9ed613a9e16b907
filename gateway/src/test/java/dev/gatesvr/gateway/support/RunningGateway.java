package dev.gatesvr.gateway.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.Gateway;
import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.DevelopmentAuthenticator;
import dev.gatesvr.gateway.config.AdminConfig;
import dev.gatesvr.gateway.config.AuthConfig;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.OfflineConfig;
import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.config.ServerConfig;
import dev.gatesvr.gateway.config.ServerConfig.AddressValidation;
import dev.gatesvr.gateway.config.SessionConfig;
import dev.gatesvr.gateway.lifecycle.SessionObserver;
import dev.gatesvr.testkit.TestCertificate;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.QuicConnector;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A gateway on free loopback ports with zones and a place to connect players from. */
public final class RunningGateway implements AutoCloseable {
  /** What a test may want to differ from the defaults. */
  public static final class Settings {
    private int ioThreads = 2;
    private OverloadConfig overload =
        new OverloadConfig(
            true, 20_000, 20_000, 1_000_000, 1_000_000, 1, 20_000, 20_000, Duration.ofSeconds(10));
    private Duration sessionTimeout = Duration.ofSeconds(30);
    private Duration ackTimeout = Duration.ofSeconds(30);
    private Duration heartbeatInterval = Duration.ofSeconds(30);
    private int heartbeatMissesMax = 100;
    private Authenticator authenticator = new DevelopmentAuthenticator();
    private AuthConfig auth = AuthConfig.defaults();
    private SessionConfig session = SessionConfig.defaults();
    private OfflineConfig offline = OfflineConfig.defaults();
    private AdminConfig admin = AdminConfig.defaults();
    private BackupConfig backup = BackupConfig.defaults();
    private List<SessionObserver> observers = List.of();

    public Settings ioThreads(int threads) {
      ioThreads = threads;
      return this;
    }

    public Settings overload(OverloadConfig config) {
      overload = config;
      return this;
    }

    public Settings session(SessionConfig config) {
      session = config;
      return this;
    }

    public Settings offline(OfflineConfig config) {
      offline = config;
      return this;
    }

    public Settings admin(AdminConfig config) {
      admin = config;
      return this;
    }

    public Settings backup(BackupConfig config) {
      backup = config;
      return this;
    }

    public Settings observer(SessionObserver observer) {
      observers = List.of(observer);
      return this;
    }

    public Settings sessionTimeout(Duration timeout) {
      sessionTimeout = timeout;
      return this;
    }

    /** Also what bounds a connection's silence: it is lost after two and a half of these. */
    public Settings heartbeatInterval(Duration interval) {
      heartbeatInterval = interval;
      return this;
    }

    public Settings ackTimeout(Duration timeout) {
      ackTimeout = timeout;
      return this;
    }

    /** How many intervals of silence close a connection; tests that are not about it say many. */
    public Settings heartbeatMissesMax(int misses) {
      heartbeatMissesMax = misses;
      return this;
    }

    public Settings authenticator(Authenticator port) {
      authenticator = port;
      return this;
    }

    public Settings auth(AuthConfig config) {
      auth = config;
      return this;
    }

    GatewayConfig config(TestCertificate certificate) {
      String any = "127.0.0.1:0";
      return new GatewayConfig(
          new ServerConfig(
              any,
              any,
              any,
              any,
              certificate.certFile().toString(),
              certificate.keyFile().toString(),
              sessionTimeout,
              ackTimeout,
              1,
              heartbeatInterval,
              heartbeatMissesMax,
              Duration.ofSeconds(5),
              ioThreads,
              AddressValidation.UNDER_LOAD),
          auth,
          session,
          offline,
          overload,
          backup,
          admin);
    }
  }

  private final Gateway gateway;
  private final IoLoops clientLoops = IoLoops.open(1);
  private final QuicConnector connector;
  private final TestCertificate certificate;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<RawZone> parts = new ArrayList<>();
  private boolean stopped;

  private RunningGateway(Settings settings) {
    try {
      Path directory = Files.createTempDirectory("gatesvr-test");
      certificate = TestCertificate.in(directory);
      gateway =
          Gateway.start(settings.config(certificate), settings.authenticator, settings.observers);
      connector =
          QuicConnector.open(
              QuicClientConfig.trusting(
                      new ServerTrust.Authorities(List.of(certificate.certificate())))
                  .withSocketsPerLoop(8)
                  .withTimeouts(Duration.ofSeconds(30), Duration.ofMinutes(20)),
              clientLoops,
              TransportObserver.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RunningGateway start() {
    return new RunningGateway(new Settings());
  }

  public static RunningGateway start(Settings settings) {
    return new RunningGateway(settings);
  }

  public Gateway gateway() {
    return gateway;
  }

  public TestCertificate certificate() {
    return certificate;
  }

  /** A new connection; nothing was sent on it yet. */
  public RawPlayer connect() {
    return RawPlayer.connect(connector, gateway.quicAddress());
  }

  /** A connection that has started a fresh session. */
  public RawPlayer login(String openid) {
    RawPlayer player = connect();
    player.start(openid, 0);
    return player;
  }

  /** A zone with an upstream of GateSvr's wire that echoes. */
  public RawZone zone(String zone) {
    RawZone started = RawZone.start(zone, gateway.grpcAddress());
    parts.add(started);
    return started;
  }

  /** GET of the admin server: status and body. */
  public HttpResponse<String> get(String path) {
    return get(gateway.httpAddress(), path);
  }

  /** What Prometheus would scrape now. */
  public String metrics() {
    return get(gateway.metricsAddress(), "/metrics").body();
  }

  /** A gauge as Prometheus would read it now. */
  public double gauge(String name) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  private HttpResponse<String> get(InetSocketAddress at, String path) {
    URI uri = URI.create("http://127.0.0.1:" + at.getPort() + path);
    return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until something holds that no message tells of. */
  public static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("within 20 s").isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /** POST to the admin server with headers in pairs: status and body. */
  public HttpResponse<String> post(String path, String... headers) {
    InetSocketAddress at = gateway.httpAddress();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort() + path))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.noBody());
    return send((headers.length == 0 ? request : request.headers(headers)).build());
  }

  public void stop() {
    stopped = true;
    gateway.stop();
  }

  @Override
  public void close() {
    parts.forEach(RawZone::close);
    connector.close().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    if (!stopped) {
      gateway.stop();
    }
    clientLoops.close();
    http.close();
  }
}
