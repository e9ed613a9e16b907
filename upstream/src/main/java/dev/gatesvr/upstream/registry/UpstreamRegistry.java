package dev.gatesvr.upstream.registry;

import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.upstream.registry.RegisterResult.Code;
import dev.gatesvr.upstream.registry.RegisterResult.Refused;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registered instances of all zones. Thread-safe: changes take a lock and publish a new {@link
 * ZoneTable}; reading one is a volatile read.
 *
 * <p>Bounds: {@link #INSTANCES_PER_ZONE_MAX} instances in each zone, {@link
 * #SERVICE_NAME_CHARS_MAX} characters of name.
 */
public final class UpstreamRegistry {
  /** Every I/O loop holds a channel to every instance, so this also bounds sockets. */
  public static final int INSTANCES_PER_ZONE_MAX = 64;

  /** It stands in logs and statistics only. */
  public static final int SERVICE_NAME_CHARS_MAX = 128;

  /** Twice as long as an instance of the SDK takes to register again. */
  public static final Duration HEARD_FRESH = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(UpstreamRegistry.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final List<RegistryObserver> observers = new CopyOnWriteArrayList<>();

  /** When an instance itself registered last, for those in the table. */
  private final Map<InstanceAddress, Long> heardNanos = new HashMap<>();

  private volatile ZoneTable table = ZoneTable.EMPTY;
  private long lastGeneration;

  /** Who says that an instance is there. */
  private enum Origin {
    /** The instance. */
    DIRECT,
    /** The other gateway of the pair. */
    REPLICATED
  }

  /** The instances as of now. */
  public ZoneTable table() {
    return table;
  }

  /** Registers an instance that declares no incarnation, as GateSvr's do. */
  public RegisterResult register(
      String address, String zone, String serviceName, @Nullable String peerHost) {
    return register(address, zone, serviceName, 0, peerHost);
  }

  /**
   * Registers an instance, or replaces what was registered with the same address.
   *
   * @param address {@code host:port}; {@code :port} means the host it came from
   * @param zone {@code 001} to {@code 006}
   * @param serviceName may be empty
   * @param incarnation see {@link UpstreamInstance}; 0 when it declares none
   * @param peerHost the host the registration came from, null when it has none
   */
  public RegisterResult register(
      String address,
      String zone,
      String serviceName,
      long incarnation,
      @Nullable String peerHost) {
    return register(address, zone, serviceName, incarnation, peerHost, Origin.DIRECT);
  }

  /**
   * Registers an instance that registered at the other gateway of the pair, so that it is served
   * after a failover though it knows only the other one. What was heard of the instance itself in
   * the last {@link #HEARD_FRESH} is newer and stays.
   *
   * @param resolved with an address that names its host, see {@link #registrationOf}
   */
  public RegisterResult registerReplicated(UpstreamRegisterRequest resolved) {
    return register(
        resolved.getAddress(),
        resolved.getZoneId(),
        resolved.getServiceName(),
        resolved.getIncarnation(),
        null,
        Origin.REPLICATED);
  }

  /** The registration of an instance, for {@link #registerReplicated} at another gateway. */
  public static UpstreamRegisterRequest registrationOf(UpstreamInstance instance) {
    return UpstreamRegisterRequest.newBuilder()
        .setAddress(instance.address().toString())
        .setZoneId(instance.zone().toString())
        .setServiceName(instance.serviceName())
        .setIncarnation(instance.incarnation())
        .build();
  }

  private RegisterResult register(
      String address,
      String zone,
      String serviceName,
      long incarnation,
      @Nullable String peerHost,
      Origin origin) {
    InstanceAddress parsedAddress;
    try {
      parsedAddress = InstanceAddress.parse(address, peerHost);
    } catch (IllegalArgumentException e) {
      return new Refused(Code.INVALID_ADDRESS, String.valueOf(e.getMessage()));
    }
    ZoneId parsedZone;
    try {
      parsedZone = ZoneId.parse(zone);
    } catch (IllegalArgumentException e) {
      return new Refused(Code.INVALID_ZONE_ID, String.valueOf(e.getMessage()));
    }
    if (serviceName.length() > SERVICE_NAME_CHARS_MAX || Printable.hasControls(serviceName)) {
      return new Refused(
          Code.REGISTER_FAILED,
          "service_name: "
              + Printable.quoted(serviceName)
              + " (expected: at most "
              + SERVICE_NAME_CHARS_MAX
              + " characters, no control characters)");
    }
    return put(parsedAddress, parsedZone, serviceName, incarnation, origin);
  }

  private RegisterResult put(
      InstanceAddress address, ZoneId zone, String serviceName, long incarnation, Origin origin) {
    lock.lock();
    try {
      UpstreamInstance old = table.at(address);
      long nowNanos = System.nanoTime();
      if (old != null && origin == Origin.REPLICATED && heardOf(address, nowNanos)) {
        return new Registered(old, old);
      }
      boolean grows = old == null || old.zone() != zone;
      if (grows && table.instances(zone).size() >= INSTANCES_PER_ZONE_MAX) {
        return new Refused(
            Code.REGISTER_FAILED,
            "zone " + zone + " is full (expected: at most " + INSTANCES_PER_ZONE_MAX + ")");
      }
      UpstreamInstance instance =
          new UpstreamInstance(zone, address, serviceName, incarnation, ++lastGeneration);
      table = table.with(instance);
      if (origin == Origin.DIRECT) {
        var unused = heardNanos.put(address, nowNanos);
      }
      if (old == null) {
        tell(observer -> observer.onAdded(instance));
      } else {
        tell(observer -> observer.onReplaced(old, instance));
      }
      return new Registered(instance, old);
    } finally {
      lock.unlock();
    }
  }

  private boolean heardOf(InstanceAddress address, long nowNanos) {
    Long heard = heardNanos.get(address);
    return heard != null && nowNanos - heard < HEARD_FRESH.toNanos();
  }

  /**
   * Removes exactly this instance.
   *
   * @return false when it is not there any more, for example because its address was registered
   *     again in the meantime
   */
  public boolean remove(UpstreamInstance instance) {
    lock.lock();
    try {
      if (!instance.equals(table.at(instance.address()))) {
        return false;
      }
      table = table.without(instance);
      heardNanos.remove(instance.address());
      tell(observer -> observer.onRemoved(instance));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells an observer of every change from now on. Changes made before are in {@link #table} when
   * this returns.
   */
  public void observe(RegistryObserver observer) {
    lock.lock();
    try {
      observers.add(observer);
    } finally {
      lock.unlock();
    }
  }

  /** Stops telling an observer. */
  public void unobserve(RegistryObserver observer) {
    observers.remove(observer);
  }

  private void tell(Consumer<RegistryObserver> event) {
    for (RegistryObserver observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException e) {
        log.error("registry observer {} failed; the change stands", observer, e);
      }
    }
  }
}
