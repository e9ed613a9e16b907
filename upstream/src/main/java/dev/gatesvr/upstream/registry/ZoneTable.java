package dev.gatesvr.upstream.registry;

import dev.gatesvr.upstream.route.InstanceAddress;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The registered instances of every zone at one moment. Immutable. */
public final class ZoneTable {
  /** Nobody is registered. */
  public static final ZoneTable EMPTY = new ZoneTable(emptyZones());

  private final List<List<UpstreamInstance>> byZone;

  private ZoneTable(List<List<UpstreamInstance>> byZone) {
    this.byZone = List.copyOf(byZone);
  }

  private static List<List<UpstreamInstance>> emptyZones() {
    List<List<UpstreamInstance>> zones = new ArrayList<>();
    for (int zone = 0; zone < ZoneId.COUNT; zone++) {
      zones.add(List.of());
    }
    return zones;
  }

  /** The instances of a zone in the order of their first registration; empty when unserved. */
  public List<UpstreamInstance> instances(ZoneId zone) {
    return byZone.get(zone.number() - 1);
  }

  /** All instances, zone by zone. */
  public List<UpstreamInstance> all() {
    return byZone.stream().flatMap(List::stream).toList();
  }

  /** The zones with at least one instance, in order. */
  public List<ZoneId> servedZones() {
    List<ZoneId> served = new ArrayList<>();
    for (ZoneId zone : ZoneId.values()) {
      if (!instances(zone).isEmpty()) {
        served.add(zone);
      }
    }
    return List.copyOf(served);
  }

  /** The instance registered with an address, or null. */
  public @Nullable UpstreamInstance at(InstanceAddress address) {
    for (List<UpstreamInstance> instances : byZone) {
      for (UpstreamInstance instance : instances) {
        if (instance.address().equals(address)) {
          return instance;
        }
      }
    }
    return null;
  }

  /** This table with the instance added, or in the place of what has its address and zone. */
  ZoneTable with(UpstreamInstance instance) {
    UpstreamInstance old = at(instance.address());
    List<List<UpstreamInstance>> zones = new ArrayList<>(byZone);
    List<UpstreamInstance> changed = new ArrayList<>(instances(instance.zone()));
    if (old != null && old.zone() == instance.zone()) {
      changed.set(changed.indexOf(old), instance);
    } else {
      changed.add(instance);
      if (old != null) {
        zones.set(old.zone().number() - 1, without(instances(old.zone()), old));
      }
    }
    zones.set(instance.zone().number() - 1, List.copyOf(changed));
    return new ZoneTable(zones);
  }

  /** This table without the instance, which it must hold. */
  ZoneTable without(UpstreamInstance instance) {
    List<List<UpstreamInstance>> zones = new ArrayList<>(byZone);
    zones.set(instance.zone().number() - 1, without(instances(instance.zone()), instance));
    return new ZoneTable(zones);
  }

  private static List<UpstreamInstance> without(
      List<UpstreamInstance> instances, UpstreamInstance gone) {
    return instances.stream().filter(instance -> !instance.equals(gone)).toList();
  }
}
