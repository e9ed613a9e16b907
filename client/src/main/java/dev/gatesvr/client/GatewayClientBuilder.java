package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.Credential;
import dev.gatesvr.client.core.Player;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicClientConfig;
import dev.gatesvr.transport.quic.ServerTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Says what a client is to be. Not thread-safe; can be used for several clients in turn. */
public final class GatewayClientBuilder {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);

  private final List<ServerAddress> servers = new ArrayList<>();
  private String openid = "";
  private Credential credential = new Credential.Fixed("");
  private Supplier<String> loginTokens = () -> "";
  private ServerTrust trust = new ServerTrust.SystemAuthorities();
  private ClientSettings settings = ClientSettings.defaults();
  private Duration requestTimeout = REQUEST_TIMEOUT;
  private final CallbackListener callbacks = new CallbackListener();
  private ClientListener listener = callbacks;
  private @Nullable Executor executor;
  private @Nullable Dialer dialer;
  private @Nullable IoLoops loops;

  GatewayClientBuilder() {}

  /**
   * Adds a gateway, {@code host:port}; with several, a client that finds one gone tries the next.
   */
  public GatewayClientBuilder server(String address) {
    servers.add(ServerAddress.parse(address));
    return this;
  }

  /** Who plays. */
  public GatewayClientBuilder openid(String value) {
    openid = value;
    return this;
  }

  /** What proves it, the same at every login. */
  public GatewayClientBuilder token(String value) {
    credential = new Credential.Fixed(value);
    return this;
  }

  /**
   * Where to get what proves it, for tokens that expire. Called on the client's executor, so it may
   * block, but for less than {@link ClientSettings.Timers#startNanos}: once before each login, that
   * is at the first connection and when the gateway no longer resumes the session; not when it
   * does. When it throws, the client tries again after its backoff.
   */
  public GatewayClientBuilder token(Supplier<String> supplier) {
    credential = new Credential.Asked();
    loginTokens = supplier;
    return this;
  }

  /** Believes the authorities in this PEM file and no others, instead of the JDK's. */
  public GatewayClientBuilder trust(Path caPem) {
    try {
      trust = ServerTrust.ofPem(caPem);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
    return this;
  }

  /** Believes any certificate, and warns about it. For development only. */
  public GatewayClientBuilder insecure() {
    trust = new ServerTrust.Anybody();
    return this;
  }

  /** Called with each push, in order; see {@link ClientListener#onPush}. */
  public GatewayClientBuilder onPush(Consumer<Push> handler) {
    callbacks.push = handler;
    return this;
  }

  /** Called with each new state; see {@link ClientListener#onStateChanged}. */
  public GatewayClientBuilder onStateChanged(CallbackListener.StateHandler handler) {
    callbacks.stateChanged = handler;
    return this;
  }

  /** Called when pushes were dropped; see {@link ClientListener#onGap}. */
  public GatewayClientBuilder onGap(CallbackListener.GapHandler handler) {
    callbacks.gap = handler;
    return this;
  }

  /** Called when the client is back and missed nothing; see {@link ClientListener#onResumed}. */
  public GatewayClientBuilder onResumed(Runnable handler) {
    callbacks.resumed = handler;
    return this;
  }

  /** Called when pushes may be missing; see {@link ClientListener#onResync}. */
  public GatewayClientBuilder onResync(CallbackListener.ResyncHandler handler) {
    callbacks.resync = handler;
    return this;
  }

  /** Called when the gateway ended the session; see {@link ClientListener#onKicked}. */
  public GatewayClientBuilder onKicked(CallbackListener.KickHandler handler) {
    callbacks.kicked = handler;
    return this;
  }

  /** Called when the gateway sends the client away; see {@link ClientListener#onGoAway}. */
  public GatewayClientBuilder onGoAway(CallbackListener.GoAwayHandler handler) {
    callbacks.goAway = handler;
    return this;
  }

  /** Called when the session goes on elsewhere; see {@link ClientListener#onFailover}. */
  public GatewayClientBuilder onFailover(Consumer<ServerAddress> handler) {
    callbacks.failover = handler;
    return this;
  }

  /** Called last; see {@link ClientListener#onClosed}. */
  public GatewayClientBuilder onClosed(CallbackListener.CloseHandler handler) {
    callbacks.closed = handler;
    return this;
  }

  /** Takes all callbacks instead of the single ones. */
  public GatewayClientBuilder listener(ClientListener value) {
    listener = value;
    return this;
  }

  /** How long a request waits for its answer when it does not say; 10 s unless set. */
  public GatewayClientBuilder requestTimeout(Duration value) {
    requestTimeout = value;
    return this;
  }

  /** How long one attempt to connect may take; 5 s unless set. */
  public GatewayClientBuilder connectTimeout(Duration value) {
    ClientSettings.Timers t = settings.timers();
    settings =
        settings.withTimers(
            new ClientSettings.Timers(
                value.toNanos(),
                t.startNanos(),
                t.heartbeatNanos(),
                t.heartbeatFixed(),
                t.ackNanos()));
    return this;
  }

  /** Sends heartbeats at this interval, whatever the gateway suggests. */
  public GatewayClientBuilder heartbeat(Duration interval) {
    ClientSettings.Timers t = settings.timers();
    settings =
        settings.withTimers(
            new ClientSettings.Timers(
                t.connectNanos(), t.startNanos(), interval.toNanos(), true, t.ackNanos()));
    return this;
  }

  /**
   * Whether the client dials the addresses that the gateways of a pair name, the primary first; its
   * own ones are then the last resort. True unless set. Switch it off where the client reaches the
   * gateways under other addresses than they know, as behind a balancer.
   */
  public GatewayClientBuilder learnGateways(boolean value) {
    settings = settings.withStandby(settings.standby().withLearnGateways(value));
    return this;
  }

  /**
   * Whether the client holds a second connection, to the standby of its pair, on which the session
   * goes on without a handshake when that one takes over. True unless set; without effect where
   * there is no pair. It costs one idle connection more on either side, and a heartbeat every 20 s.
   */
  public GatewayClientBuilder warmStandby(boolean value) {
    settings = settings.withStandby(settings.standby().withWarm(value));
    return this;
  }

  /** Changes any of the settings. */
  public GatewayClientBuilder settings(UnaryOperator<ClientSettings> change) {
    settings = change.apply(settings);
    return this;
  }

  /** Runs the callbacks, one at a time, here instead of on virtual threads. */
  public GatewayClientBuilder executor(Executor value) {
    executor = value;
    return this;
  }

  /** Connects through a dialer that many clients share; the caller closes it after them. */
  public GatewayClientBuilder dialer(Dialer value) {
    dialer = value;
    return this;
  }

  /** Lives on loops that others use too; the caller closes them after the client. */
  public GatewayClientBuilder loops(IoLoops value) {
    loops = value;
    return this;
  }

  /**
   * Makes the client and starts to connect. Returns at once; requests wait until the session is
   * there, and {@link GatewayClient#whenReady} tells when that is.
   *
   * @throws IllegalStateException if a server or the OpenID is missing
   * @throws UncheckedIOException if no UDP socket could be opened
   */
  public GatewayClient connect() {
    if (servers.isEmpty() || openid.isEmpty()) {
      throw new IllegalStateException(
          "server: " + servers + ", openid: \"" + openid + "\" (expected: both)");
    }
    Dialer shared = dialer;
    GatewayClient client =
        shared == null
            ? new GatewayClient(this, ownDialer(), true)
            : new GatewayClient(this, shared, false);
    client.start();
    return client;
  }

  private Dialer ownDialer() {
    IoLoops given = loops;
    return given == null ? openDialer(1) : guarded(() -> QuicDialer.over(given, quic()));
  }

  /**
   * A dialer as this builder would make for itself, to be shared by many clients through {@link
   * #dialer}. The caller closes it.
   *
   * @throws UncheckedIOException if no UDP socket could be opened
   */
  public Dialer openDialer(int loopCount) {
    return guarded(() -> QuicDialer.withLoops(loopCount, quic()));
  }

  private QuicClientConfig quic() {
    return QuicClientConfig.trusting(trust).withTimeouts(handshakeTimeout(), IDLE_TIMEOUT);
  }

  /** What opens sockets. */
  private interface Opening {
    Dialer open() throws IOException;
  }

  private static Dialer guarded(Opening opening) {
    try {
      return opening.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no UDP socket: " + e.getMessage(), e);
    }
  }

  /** A little less than the core waits, because the transport knows better what went wrong. */
  private Duration handshakeTimeout() {
    return Duration.ofNanos(settings.timers().connectNanos()).multipliedBy(9).dividedBy(10);
  }

  List<ServerAddress> serverList() {
    return List.copyOf(servers);
  }

  Player player() {
    return new Player(openid, credential);
  }

  Supplier<String> loginTokens() {
    return loginTokens;
  }

  ClientSettings settings() {
    return settings;
  }

  Duration requestTimeout() {
    return requestTimeout;
  }

  ClientListener listener() {
    return listener;
  }

  @Nullable Executor executor() {
    return executor;
  }
}
