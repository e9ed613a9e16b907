package dev.gatesvr.gateway.cuts;

import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.gateway.InsideGateway;
import dev.gatesvr.gateway.config.OverloadConfig;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.gateway.support.SessionBounds;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One gateway, its zones, the networks and the players in them; and who cuts. */
final class CutWorld implements AutoCloseable, Device.Watcher {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final int BEATS_MISSED_MAX = 2;
  private static final int RING_MESSAGES = 96;
  private static final int BURST = 150;
  private static final int DELAY_MILLIS_MAX = 300;
  private static final int FILLING_MILLIS = 500;
  private static final int OTHERS_KEPT = 10;

  private final Plan plan;
  private final Random random;
  private final RunningGateway gateway;
  private final List<Zone> zones = new ArrayList<>();
  private final Networks networks;
  private final Dialer dialer;
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<Target> targets = new ArrayList<>();
  private final Map<Cut, Integer> losses = new ConcurrentHashMap<>();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger onPurpose = new AtomicInteger();
  private final AtomicInteger away = new AtomicInteger();
  private final AtomicLong progressNanos = new AtomicLong(System.nanoTime());
  private final List<String> others = new CopyOnWriteArrayList<>();
  private final AtomicInteger markedLost = new AtomicInteger();
  private int marked;

  CutWorld(Plan plan, long seed) {
    this.plan = plan;
    this.random = new Random(seed);
    gateway = RunningGateway.start(settings());
    for (ZoneId zone : ZoneId.values()) {
      zones.add(new Zone(zone.toString(), gateway.gateway().grpcAddress().getPort()));
    }
    networks = new Networks(plan.relays(), gateway.gateway().quicAddress(), seed);
    dialer = builder(0).openDialer(2);
    for (int i = 0; i < plan.players(); i++) {
      String openid = "cut-" + i;
      Zone zone = zones.get(ZoneRouter.zoneOf(openid).number() - 1);
      targets.add(new Target(openid, zone, seed * 1_000_003 + i));
    }
    Patience.until(
        plan.patience(),
        () -> zones.stream().allMatch(z -> z.service().gateways().links().getFirst().registered()),
        () -> "not every zone is registered");
  }

  private static RunningGateway.Settings settings() {
    return new RunningGateway.Settings()
        .sessionTimeout(LONG)
        .ackTimeout(LONG)
        .heartbeatInterval(Duration.ofSeconds(6))
        .overload(
            new OverloadConfig(
                true,
                50_000,
                50_000,
                1_000_000,
                1_000_000,
                1,
                50_000,
                50_000,
                Duration.ofMinutes(2)))
        .session(SessionBounds.usual().ringMessages(RING_MESSAGES).slowTimeout(LONG).config());
  }

  private GatewayClientBuilder builder(int network) {
    return GatewayClient.builder()
        .server(networks.address(network))
        .token("any")
        .trust(gateway.certificate().certFile())
        .connectTimeout(Duration.ofSeconds(10))
        .heartbeat(plan.beat())
        .settings(
            s -> {
              ClientSettings.Bounds b = s.bounds();
              return s.withBounds(
                      new ClientSettings.Bounds(
                          b.outstandingMax(),
                          b.waitingMax(),
                          b.inboundMax(),
                          b.ackEvery(),
                          BEATS_MISSED_MAX))
                  .withReconnect(
                      new ClientSettings.Reconnect(
                          20_000_000, 1_000_000_000, Integer.MAX_VALUE, 100_000_000));
            });
  }

  private int networkOf(Device device) {
    return Math.floorMod(device.openid().hashCode(), networks.count());
  }

  RunningGateway gateway() {
    return gateway;
  }

  List<Zone> zones() {
    return zones;
  }

  List<Target> targets() {
    return targets;
  }

  Networks networks() {
    return networks;
  }

  /** Logs one more device of a player in. */
  Device login(Target target) {
    int number = target.devices.size() + 1;
    away.incrementAndGet();
    Device device =
        new Device(
            target.openid,
            target.openid + "/" + number,
            builder(Math.floorMod(target.openid.hashCode(), networks.count())),
            new CuttableDialer(dialer),
            this);
    target.devices.add(device);
    return device;
  }

  /** Logs everybody in, so many at a time as may be away. */
  void loginAll() {
    for (Target target : targets) {
      awaitRoom();
      login(target);
    }
    Patience.until(plan.patience(), () -> away.get() == 0, () -> away + " are not ready");
  }

  // ---------------------------------------------------------------- cuts

  @Override
  public void onLost(Device device, Cut cut, String why) {
    boolean dark = cut == Cut.OTHER && networks.isDark(networkOf(device));
    losses.merge(dark ? Cut.DARK : cut, 1, Integer::sum);
    if (cut != Cut.OTHER) {
      markedLost.incrementAndGet();
    }
    if (cut != Cut.OTHER || dark) {
      onPurpose.incrementAndGet();
    } else if (others.size() < OTHERS_KEPT) {
      others.add(device.name() + ": " + why);
    }
    lost.incrementAndGet();
    away.incrementAndGet();
    progressNanos.set(System.nanoTime());
  }

  @Override
  public void onBack(Device device, boolean first) {
    away.decrementAndGet();
    progressNanos.set(System.nanoTime());
  }

  private void awaitRoom() {
    Patience.until(
        plan.patience(),
        () -> away.get() + Math.max(0, marked - markedLost.get()) < plan.awayMax() || isStuck(),
        () -> away + " of " + plan.players() + " are away, " + lost + " were lost");
  }

  /** A mark that came to nothing must not hold up the others for ever. */
  private boolean isStuck() {
    boolean stuck = System.nanoTime() - progressNanos.get() > TimeUnit.SECONDS.toNanos(5);
    if (stuck && away.get() < plan.awayMax()) {
      marked = markedLost.get();
      return true;
    }
    return false;
  }

  /** Cuts until so many connections were lost. */
  void cutAll() {
    int nextDark = plan.cutsPerDark();
    int nextRebind = plan.cutsPerRebind();
    while (onPurpose.get() < plan.cuts()) {
      awaitRoom();
      if (onPurpose.get() >= nextDark) {
        nextDark += plan.cutsPerDark();
        networks.darken(random.nextInt(networks.count()), plan.dark());
      }
      if (onPurpose.get() >= nextRebind) {
        nextRebind += plan.cutsPerRebind();
        networks.rebind(random.nextInt(networks.count()));
      }
      cutOne();
    }
  }

  private void cutOne() {
    Target target = targets.get(random.nextInt(targets.size()));
    Cut kind = Cut.drawn(random.nextInt(100));
    int delayMillis = random.nextInt(DELAY_MILLIS_MAX);
    Device device = target.devices.getFirst();
    if (device.mark(kind)) {
      marked++;
      cut(target, device, kind, delayMillis);
    }
  }

  /** Does what the kind of cut says to a device that was marked. */
  void cut(Target target, Device device, Cut kind, int delayMillis) {
    switch (kind) {
      case FORGOTTEN, GATEWAY_FIRST, BLACK_HOLE -> device.sever(kind, delayMillis);
      case SENT_AWAY -> InsideGateway.sendAway(gateway.gateway(), device.openid());
      case SUSPENDED -> suspend(device, delayMillis);
      case SUSPENDED_FULL -> {
        suspend(device, FILLING_MILLIS + delayMillis);
        target.burst.set(BURST);
      }
      case DARK, OTHER -> throw new IllegalArgumentException("cut: " + kind);
    }
  }

  private void suspend(Device device, int millis) {
    device.client().suspend();
    var unused = clock.schedule(() -> device.client().resume(), millis, TimeUnit.MILLISECONDS);
  }

  Random random() {
    return random;
  }

  /** Connections lost, on purpose or not. */
  int lost() {
    return lost.get();
  }

  /** Some of the losses that nobody made on purpose. */
  List<String> others() {
    return List.copyOf(others);
  }

  /** A gauge of the gateway now. */
  double gauge(String name) {
    return gateway.gauge(name);
  }

  /** Lost connections, by how. */
  Map<Cut, Integer> losses() {
    return new TreeMap<>(losses);
  }

  // ---------------------------------------------------------------- rest

  /**
   * Waits until everything was sent, answered and acknowledged, and no other connection is left.
   */
  void awaitRest(List<Device> alive) {
    Patience.until(
        plan.patience(),
        () -> alive.stream().allMatch(device -> device.pending() == 0),
        () -> alive.stream().mapToInt(Device::pending).sum() + " requests have no end");
    Patience.until(
        plan.patience(),
        () ->
            alive.stream().allMatch(device -> device.client().state().name().equals("READY"))
                && gateway.gauge("gatesvr_message_queue_size") == 0
                && gateway.gauge("gatesvr_active_connections") == alive.size(),
        () ->
            "not at rest: queued "
                + gateway.gauge("gatesvr_message_queue_size")
                + ", connections "
                + gateway.gauge("gatesvr_active_connections")
                + ", away "
                + away
                + " of "
                + alive.size());
  }

  @Override
  public void close() {
    clock.shutdownNow();
    List<Device> all = targets.stream().flatMap(target -> target.devices.stream()).toList();
    all.forEach(device -> device.client().closeAsync(StopRequest.Reason.APP_CLOSE));
    all.forEach(device -> device.client().close());
    dialer.close();
    networks.close();
    zones.forEach(Zone::close);
    gateway.close();
  }
}
