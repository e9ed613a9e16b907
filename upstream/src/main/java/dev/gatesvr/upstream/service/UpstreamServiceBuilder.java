package dev.gatesvr.upstream.service;

import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.witness.Witness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a service. A zone, an address to listen on and at least one gateway are needed;
 * every value is checked when it is given.
 */
public final class UpstreamServiceBuilder {
  /** Each gateway costs a connection and a timer. */
  public static final int GATEWAYS_MAX = 64;

  /** Several times what a failover of a pair takes. */
  public static final Duration PUSH_RETRY_DEFAULT = Duration.ofSeconds(2);

  /** What waits keeps its memory, and its player has long given up. */
  public static final Duration PUSH_RETRY_MAX = Duration.ofMinutes(1);

  private static final int NAME_CHARS_MAX = 128;

  private final Map<String, Action> actions = new HashMap<>();
  private final Set<InstanceAddress> gateways = new LinkedHashSet<>();
  private @Nullable ZoneId zone;
  private @Nullable ListenAddress listen;
  private @Nullable InstanceAddress advertised;
  private String serviceName = "upstream";
  private ServiceLimits limits = ServiceLimits.defaults();
  private ServiceObserver observer = ServiceObserver.NONE;
  private Duration pushRetry = PUSH_RETRY_DEFAULT;
  private @Nullable Path witnessDirectory;
  private boolean witnessCreated;

  UpstreamServiceBuilder() {}

  /** {@code 001} to {@code 006}. */
  public UpstreamServiceBuilder zone(String zone) {
    this.zone = ZoneId.parse(zone);
    return this;
  }

  /**
   * {@code host:port}; {@code :port} for every interface, port 0 for a free one. Gateways are told
   * this address, or just the port when there is no host: then they take the host that the
   * registration came from.
   */
  public UpstreamServiceBuilder listen(String address) {
    this.listen = ListenAddress.parse(address);
    return this;
  }

  /** What gateways are told instead, where the listening address cannot be reached by them. */
  public UpstreamServiceBuilder advertise(String address) {
    this.advertised = InstanceAddress.parse(address, null);
    return this;
  }

  /** The gRPC address of a gateway; may be called for several. {@code :port} is this machine. */
  public UpstreamServiceBuilder gateway(String address) {
    gateways.add(InstanceAddress.parse(address, "127.0.0.1"));
    if (gateways.size() > GATEWAYS_MAX) {
      throw new IllegalArgumentException("more than " + GATEWAYS_MAX + " gateways");
    }
    return this;
  }

  /** How the service calls itself in statistics. */
  public UpstreamServiceBuilder serviceName(String name) {
    if (name.length() > NAME_CHARS_MAX || Printable.hasControls(name)) {
      throw new IllegalArgumentException(
          "service name: "
              + Printable.quoted(name)
              + " (expected: at most 128 characters, no control characters)");
    }
    this.serviceName = name;
    return this;
  }

  /** Who answers an action. It runs at most once for each request. */
  public UpstreamServiceBuilder on(String action, ActionHandler handler) {
    return on(action, new Action(handler, false));
  }

  /**
   * Who answers an action that may run twice for one request without harm, with everything it
   * pushes. Where another action's outcome would be unknown, for this service restarted, it runs.
   */
  public UpstreamServiceBuilder onIdempotent(String action, ActionHandler handler) {
    return on(action, new Action(handler, true));
  }

  private UpstreamServiceBuilder on(String name, Action action) {
    if (actions.putIfAbsent(name, action) != null) {
      throw new IllegalArgumentException("action " + Printable.quoted(name) + " has a handler");
    }
    return this;
  }

  public UpstreamServiceBuilder limits(ServiceLimits limits) {
    this.limits = limits;
    return this;
  }

  /**
   * How long a push is offered again that certainly was not taken because no gateway of a pair
   * leads. Zero to {@link #PUSH_RETRY_MAX}.
   */
  public UpstreamServiceBuilder pushRetry(Duration pushRetry) {
    if (pushRetry.isNegative() || pushRetry.compareTo(PUSH_RETRY_MAX) > 0) {
      throw new IllegalArgumentException(
          "pushRetry: " + pushRetry + " (expected: zero to " + PUSH_RETRY_MAX + ")");
    }
    this.pushRetry = pushRetry;
    return this;
  }

  public UpstreamServiceBuilder observer(ServiceObserver observer) {
    this.observer = observer;
    return this;
  }

  /**
   * Serves as a witness of the gateways' term register on the same port.
   *
   * @param directory for the votes of this witness alone
   * @param create true on the very first start, and only then: a witness must not vote after it
   *     lost its memory, so a start without the file fails unless it is the first, and a first one
   *     with it fails too
   */
  public UpstreamServiceBuilder witness(Path directory, boolean create) {
    this.witnessDirectory = directory;
    this.witnessCreated = create;
    return this;
  }

  /** A witness in a directory that knows it already; see {@link #witness(Path, boolean)}. */
  public UpstreamServiceBuilder witness(Path directory) {
    return witness(directory, false);
  }

  /**
   * Binds and starts; registration goes on in the background.
   *
   * @throws IOException when the address cannot be bound, or ({@code WitnessMemoryException}) the
   *     witness cannot have its votes
   * @throws IllegalStateException when a needed setting is missing
   */
  public UpstreamService start() throws IOException {
    zone();
    listen();
    if (gateways.isEmpty()) {
      throw new IllegalStateException("no gateway was given");
    }
    return new UpstreamService(this);
  }

  ZoneId zone() {
    if (zone == null) {
      throw new IllegalStateException("no zone was given");
    }
    return zone;
  }

  ListenAddress listen() {
    if (listen == null) {
      throw new IllegalStateException("no address to listen on was given");
    }
    return listen;
  }

  /** What gateways are told: see {@link #listen(String)} and {@link #advertise}. */
  String advertised(ListenAddress listening) {
    return advertised == null ? listening.toString() : advertised.toString();
  }

  Map<String, Action> actions() {
    return actions;
  }

  Set<InstanceAddress> gateways() {
    return gateways;
  }

  String serviceName() {
    return serviceName;
  }

  ServiceLimits limits() {
    return limits;
  }

  Duration pushRetry() {
    return pushRetry;
  }

  /** Null when the service is to be none. */
  @Nullable Witness openWitness() throws IOException {
    return witnessDirectory == null ? null : Witness.open(witnessDirectory, witnessCreated);
  }

  ServiceObserver observer() {
    return observer;
  }
}
