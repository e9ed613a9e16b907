package dev.gatesvr.gateway.cuts;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.testkit.LeakWatch;
import dev.gatesvr.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/**
 * Real players over real QUIC, with real upstreams, under traffic in both directions, whose
 * connections are cut at random moments: nothing is lost, nothing comes twice, nothing changes
 * places, and every request has an honest end. Players and upstreams keep the books.
 *
 * <p>A seed decides what is cut, how, and what is sent; threads decide when exactly.
 */
@ExtendWith(LeakWatch.class)
class CutsTest {
  private static final Logger log = (Logger) LoggerFactory.getLogger(CutsTest.class);

  private static final int TAKEOVERS_EACH = 2;

  private static final Plan SHORT =
      new Plan(
          40,
          6,
          140,
          16,
          3,
          80,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          60,
          500,
          Duration.ofSeconds(60));

  private static final Plan FULL =
      new Plan(
          1_000,
          50,
          Integer.getInteger("cuts", 20_000),
          160,
          20,
          700,
          Duration.ofSeconds(2),
          Duration.ofSeconds(8),
          250,
          4_000,
          Duration.ofMinutes(3));

  @Test
  @Timeout(180)
  void nothingIsLostRepeatedOrReordered() {
    Seeds.each("gateway", "CutsTest#nothingIsLostRepeatedOrReordered", 1, s -> run(SHORT, s));
  }

  @Test
  @Tag("long")
  @Timeout(3_600)
  void twentyThousandCutsOfAThousandPlayers() {
    Seeds.each(
        "gateway",
        "CutsTest#twentyThousandCutsOfAThousandPlayers -Dgroups=long",
        1,
        s -> run(FULL, s));
  }

  private static void run(Plan plan, long seed) {
    log.setLevel(Level.INFO);
    long beginNanos = System.nanoTime();
    try (ErrorLines errors = new ErrorLines();
        CutWorld world = new CutWorld(plan, seed)) {
      faithful(plan, world);
      log.info("seed {}: {}", seed, summary(world, beginNanos));
      rivals(plan, world);
      log.info("at the end: {}", summary(world, beginNanos));
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void faithful(Plan plan, CutWorld world) {
    world.loginAll();
    try (Traffic traffic = new Traffic(plan.pauseMillis())) {
      for (Target target : world.targets()) {
        traffic.start(target);
        traffic.start(target, target.devices.getFirst());
      }
      Target pace = world.targets().getFirst();
      for (int zone = 0; zone < world.zones().size(); zone++) {
        traffic.startBroadcasts(pace, world.zones().get(zone), "b" + zone);
      }
      world.cutAll();
      traffic.stop(plan.patience());
      List<Device> all = devices(world);
      world.awaitRest(all);
      assertThat(traffic.trouble()).isEmpty();
      world.targets().forEach(Verdict::faithful);
      long broadcasts = 0;
      for (int zone = 0; zone < world.zones().size(); zone++) {
        String stream = "b" + zone;
        broadcasts += sum(all, device -> device.received().of(stream).cardinality());
        assertThat(world.zones().get(zone).mistakes()).isEmpty();
      }
      assertThat(broadcasts).as("broadcasts").isEqualTo(traffic.broadcastsTaken());
      assertThat(sum(all, Device::resumes)).as("resumes").isEqualTo(world.lost());
      assertAtRest(world, all.size());
    }
  }

  private static void assertAtRest(CutWorld world, int players) {
    assertThat(world.gauge("gatesvr_session_count")).isEqualTo(players);
    assertThat(world.gauge("gatesvr_active_connections")).isEqualTo(players);
    assertThat(world.gauge("gatesvr_message_queue_size")).isZero();
    assertThat(world.gauge("gatesvr_message_queue_bytes")).isZero();
    assertThat(world.gauge("gatesvr_upstream_in_flight")).isZero();
  }

  /** Some players log in a second time, while both devices are cut as before. */
  private static void rivals(Plan plan, CutWorld world) {
    List<Target> chosen = world.targets().subList(0, plan.rivals());
    try (Traffic traffic = new Traffic(Math.min(500, plan.pauseMillis()))) {
      for (Target target : chosen) {
        traffic.start(target);
        traffic.start(target, target.devices.getFirst());
      }
      for (int round = 0; round < TAKEOVERS_EACH; round++) {
        for (Target target : chosen) {
          maybeCut(world, target, target.devices.getLast());
          Device younger = world.login(target);
          traffic.start(target, younger);
          maybeCut(world, target, younger);
        }
        Patience.until(
            plan.patience(),
            () -> chosen.stream().allMatch(CutsTest::decided),
            () ->
                "undecided: "
                    + chosen.stream().filter(t -> !decided(t)).map(t -> t.openid).toList());
      }
      traffic.stop(plan.patience());
      List<Device> alive =
          devices(world).stream().filter(device -> !device.closed().isDone()).toList();
      world.awaitRest(alive);
      for (Target target : chosen) {
        Device survivor = survivor(target);
        target.devices.forEach(device -> Verdict.device(target, device));
        Verdict.replaced(target, survivor);
      }
      assertAtRest(world, world.targets().size());
    }
  }

  private static void maybeCut(CutWorld world, Target target, Device device) {
    Cut kind = Cut.drawn(world.random().nextInt(100));
    int delayMillis = world.random().nextInt(100);
    boolean wanted = world.random().nextInt(3) == 0;
    if (wanted && device.mark(kind)) {
      world.cut(target, device, kind, delayMillis);
    }
  }

  /** One device is left, and gets what is sent. */
  private static boolean decided(Target target) {
    List<Device> open =
        target.devices.stream().filter(device -> !device.closed().isDone()).toList();
    return open.size() == 1
        && open.getFirst().client().state() == ClientState.READY
        && open.getFirst().received().newestOf(Target.BY_OPENID).cardinality() > 2;
  }

  private static Device survivor(Target target) {
    List<Device> open = new ArrayList<>();
    for (Device device : target.devices) {
      if (device.closed().isDone()) {
        assertThat(device.kicked()).as(device.name()).isCompletedWithValue(Kicked.Reason.REPLACED);
      } else {
        assertThat(device.kicked()).as(device.name()).isNotDone();
        open.add(device);
      }
    }
    assertThat(open).as("survivors of %s", target.openid).hasSize(1);
    return open.getFirst();
  }

  private static List<Device> devices(CutWorld world) {
    return world.targets().stream().flatMap(target -> target.devices.stream()).toList();
  }

  private static long sum(List<Device> devices, ToLongFunction<Device> count) {
    return devices.stream().mapToLong(count).sum();
  }

  private static String summary(CutWorld world, long beginNanos) {
    List<Device> all = devices(world);
    long ended = 0;
    long unknown = 0;
    long refused = 0;
    for (Device device : all) {
      ended += device.ends().size();
      unknown += device.ends().values().stream().filter(Device.End.UNKNOWN::equals).count();
      refused += device.ends().values().stream().filter(Device.End.REFUSED::equals).count();
    }
    long acceptedPushes = 0;
    long refusedPushes = 0;
    for (Target target : world.targets()) {
      acceptedPushes += target.byOpenid.acceptedCount() + target.bySession.acceptedCount();
      refusedPushes += target.byOpenid.refusedCount() + target.bySession.refusedCount();
    }
    return world.lost()
        + " connections lost "
        + world.losses()
        + ", kicked "
        + all.stream().filter(device -> device.kicked().isDone()).count()
        + " "
        + world.others()
        + ", resumed "
        + sum(all, Device::resumes)
        + "; dark networks "
        + world.networks().darks()
        + ", rebinds "
        + world.networks().rebinds()
        + "; requests "
        + ended
        + " (refused "
        + refused
        + ", unknown "
        + unknown
        + "), runs "
        + world.zones().stream().mapToLong(Zone::runsInAll).sum()
        + "; pushes accepted "
        + acceptedPushes
        + ", refused "
        + refusedPushes
        + ", bound "
        + world.zones().stream().mapToLong(Zone::boundAccepted).sum()
        + "; players got "
        + sum(all, device -> device.received().pushes())
        + " pushes, "
        + sum(all, device -> device.received().answers())
        + " answers, "
        + sum(all, device -> device.received().gaps())
        + " gaps over "
        + sum(all, device -> device.received().gapPositions())
        + " positions; "
        + Duration.ofNanos(System.nanoTime() - beginNanos).toSeconds()
        + " s";
  }
}
