package dev.gatesvr.upstream.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.upstream.registry.RegisterResult.Code;
import dev.gatesvr.upstream.registry.RegisterResult.Refused;
import dev.gatesvr.upstream.registry.RegisterResult.Registered;
import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class UpstreamRegistryTest {
  private final UpstreamRegistry registry = new UpstreamRegistry();

  @Test
  void holdsSeveralInstancesOfAZone() {
    UpstreamInstance first = added("10.0.0.1:9001", "003");
    UpstreamInstance second = added("10.0.0.2:9001", "003");
    UpstreamInstance other = added("10.0.0.3:9001", "001");
    assertThat(registry.table().instances(ZoneId.ZONE_003)).containsExactly(first, second);
    assertThat(registry.table().all()).containsExactly(other, first, second);
    assertThat(registry.table().servedZones()).containsExactly(ZoneId.ZONE_001, ZoneId.ZONE_003);
  }

  @Test
  void anAddressThatRegistersAgainReplacesItsOldSelf() {
    UpstreamInstance old = added("10.0.0.1:9001", "003");
    UpstreamInstance neighbour = added("10.0.0.2:9001", "003");
    Registered again = (Registered) registry.register("10.0.0.1:9001", "003", "new name", null);
    assertThat(again.replaced()).isEqualTo(old);
    assertThat(again.instance().generation()).isGreaterThan(neighbour.generation());
    assertThat(registry.table().instances(ZoneId.ZONE_003))
        .containsExactly(again.instance(), neighbour);
  }

  @Test
  void anAddressThatMovesToAnotherZoneLeavesItsOldOne() {
    added("10.0.0.1:9001", "003");
    UpstreamInstance moved = added("10.0.0.1:9001", "004");
    assertThat(registry.table().all()).containsExactly(moved);
    assertThat(registry.table().instances(ZoneId.ZONE_003)).isEmpty();
  }

  @Test
  void aReplicatedRegistrationServesWhoKnowsOnlyTheOtherGateway() {
    UpstreamInstance there = added("[::1]:9001", "003");
    UpstreamRegistry other = new UpstreamRegistry();
    Registered here = (Registered) other.registerReplicated(UpstreamRegistry.registrationOf(there));
    assertThat(here.instance()).isEqualTo(there);
    // What has no host does not say where it is.
    assertThat(
            ((Refused)
                    other.registerReplicated(
                        UpstreamRegisterRequest.newBuilder()
                            .setAddress(":9001")
                            .setZoneId("003")
                            .build()))
                .code())
        .isEqualTo(Code.INVALID_ADDRESS);
  }

  @Test
  void whatAnInstanceSaidItselfIsNewerThanWhatWasReplicated() {
    UpstreamInstance old = registered("10.0.0.1:9001", 1);
    UpstreamInstance restarted = registered("10.0.0.1:9001", 2);
    Registered late =
        (Registered) registry.registerReplicated(UpstreamRegistry.registrationOf(old));
    assertThat(late.instance()).isEqualTo(restarted);
    assertThat(registry.table().all()).containsExactly(restarted);
    registry.remove(restarted);
    registry.registerReplicated(UpstreamRegistry.registrationOf(old));
    registry.registerReplicated(UpstreamRegistry.registrationOf(restarted));
    assertThat(registry.table().all())
        .singleElement()
        .satisfies(instance -> assertThat(instance.incarnation()).isEqualTo(2));
  }

  private UpstreamInstance registered(String address, long incarnation) {
    return ((Registered) registry.register(address, "003", "", incarnation, null)).instance();
  }

  @Test
  void refusesTheInstanceBeyondTheBoundButNotARenewal() {
    for (int n = 0; n < UpstreamRegistry.INSTANCES_PER_ZONE_MAX; n++) {
      added("10.0.1." + n + ":9001", "006");
    }
    Refused refused = (Refused) registry.register("10.0.2.1:9001", "006", "", null);
    assertThat(refused.code()).isEqualTo(Code.REGISTER_FAILED);
    assertThat(refused.message()).contains("006", "full", "64");
    assertThat(registry.register("10.0.1.5:9001", "006", "", null)).isInstanceOf(Registered.class);
    assertThat(registry.register("10.0.2.1:9001", "005", "", null)).isInstanceOf(Registered.class);
  }

  @Test
  void refusesWithTheCodesOfTheWireAndChangesNothing() {
    ZoneTable before = registry.table();
    assertThat(refusal("nonsense", "003", "")).isEqualTo(Code.INVALID_ADDRESS);
    assertThat(refusal("10.0.0.1:0", "003", "")).isEqualTo(Code.INVALID_ADDRESS);
    assertThat(refusal("10.0.0.1\n:1", "003", "")).isEqualTo(Code.INVALID_ADDRESS);
    assertThat(refusal("10.0.0.1:1", "7", "")).isEqualTo(Code.INVALID_ZONE_ID);
    assertThat(refusal("10.0.0.1:1", "", "")).isEqualTo(Code.INVALID_ZONE_ID);
    assertThat(refusal("10.0.0.1:1", "003", "x\ny")).isEqualTo(Code.REGISTER_FAILED);
    assertThat(refusal("10.0.0.1:1", "003", "x".repeat(129))).isEqualTo(Code.REGISTER_FAILED);
    assertThat(registry.table()).isSameAs(before);
  }

  @Test
  void removesExactlyTheInstanceThatWasMeant() {
    UpstreamInstance old = added("10.0.0.1:9001", "003");
    UpstreamInstance renewed = added("10.0.0.1:9001", "003");
    assertThat(registry.remove(old)).isFalse();
    assertThat(registry.table().all()).containsExactly(renewed);
    assertThat(registry.remove(renewed)).isTrue();
    assertThat(registry.remove(renewed)).isFalse();
    assertThat(registry.table().all()).isEmpty();
  }

  @Test
  void tellsObserversEveryChangeInOrder() {
    Recorder recorder = new Recorder();
    added("10.0.0.9:1", "001");
    registry.observe(recorder);
    UpstreamInstance first = added("10.0.0.1:1", "003");
    UpstreamInstance second = added("10.0.0.1:1", "003");
    registry.remove(second);
    registry.unobserve(recorder);
    added("10.0.0.2:1", "003");
    assertThat(recorder.events).containsExactly("+" + first, first + ">" + second, "-" + second);
  }

  @Test
  void anObserverThatFailsStopsNobody() {
    Recorder recorder = new Recorder();
    registry.observe(
        new Recorder() {
          @Override
          public void onAdded(UpstreamInstance instance) {
            throw new IllegalStateException("a broken observer");
          }
        });
    registry.observe(recorder);
    UpstreamInstance added = added("10.0.0.1:1", "003");
    assertThat(recorder.events).containsExactly("+" + added);
  }

  @Test
  void aTableNeverChanges() {
    UpstreamInstance first = added("10.0.0.1:9001", "003");
    ZoneTable before = registry.table();
    added("10.0.0.2:9001", "003");
    registry.remove(first);
    assertThat(before.all()).containsExactly(first);
    assertThatThrownBy(() -> before.instances(ZoneId.ZONE_003).clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void readersSeeWholeTablesWhileWritersRace() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Future<Integer> reader = threads.submit(() -> readWholeTables(done));
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int writer = 0; writer < 3; writer++) {
        String host = "10.0." + writer + ".1";
        writers.add(() -> registerAndRemove(host));
      }
      for (Future<Boolean> writer : threads.invokeAll(writers)) {
        assertThat(writer.get()).isTrue();
      }
      done.set(true);
      assertThat(reader.get()).isPositive();
    }
    assertThat(registry.table().all()).hasSize(3);
  }

  private int readWholeTables(AtomicBoolean done) {
    int tables = 0;
    while (!done.get() || tables == 0) {
      List<UpstreamInstance> all = registry.table().all();
      Set<InstanceAddress> addresses = new HashSet<>();
      for (UpstreamInstance instance : all) {
        assertThat(addresses.add(instance.address())).as("%s", all).isTrue();
      }
      tables++;
    }
    return tables;
  }

  private boolean registerAndRemove(String host) {
    for (int n = 0; n < 500; n++) {
      UpstreamInstance moved = added(host + ":9001", n % 2 == 0 ? "003" : "004");
      if (n < 499 && !registry.remove(moved)) {
        return false;
      }
    }
    return true;
  }

  private UpstreamInstance added(String address, String zone) {
    return ((Registered) registry.register(address, zone, "demo", null)).instance();
  }

  private Code refusal(String address, String zone, String name) {
    return ((Refused) registry.register(address, zone, name, "10.0.0.7")).code();
  }

  private static class Recorder implements RegistryObserver {
    final List<String> events = new ArrayList<>();

    @Override
    public void onAdded(UpstreamInstance instance) {
      events.add("+" + instance);
    }

    @Override
    public void onReplaced(UpstreamInstance old, UpstreamInstance instance) {
      events.add(old + ">" + instance);
    }

    @Override
    public void onRemoved(UpstreamInstance instance) {
      events.add("-" + instance);
    }
  }
}
