package dev.gatesvr.upstream.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
  private static final RequestFacts FACTS = new RequestFacts(ZoneId.ZONE_002, "p", "s");
  private static final List<UpstreamInstance> THREE =
      List.of(instance(1), instance(2), instance(3));

  @Test
  void takesEveryInstanceInTurn() {
    RoundRobin choice = new RoundRobin();
    List<UpstreamInstance> chosen = new ArrayList<>();
    for (int n = 0; n < 6; n++) {
      chosen.add(choice.choose(THREE, FACTS));
    }
    assertThat(chosen.subList(0, 3)).isEqualTo(THREE);
    assertThat(chosen.subList(3, 6)).isEqualTo(THREE);
  }

  @Test
  void keepsACursorForEachZone() {
    RoundRobin choice = new RoundRobin();
    choice.choose(THREE, FACTS);
    RequestFacts other = new RequestFacts(ZoneId.ZONE_005, "p", "s");
    assertThat(choice.choose(THREE, other)).isEqualTo(THREE.get(0));
    assertThat(choice.choose(THREE, FACTS)).isEqualTo(THREE.get(1));
  }

  @Test
  void survivesAListThatShrank() {
    RoundRobin choice = new RoundRobin();
    choice.choose(THREE, FACTS);
    choice.choose(THREE, FACTS);
    assertThat(choice.choose(List.of(THREE.get(1)), FACTS)).isEqualTo(THREE.get(1));
  }

  private static UpstreamInstance instance(int n) {
    return new UpstreamInstance(
        ZoneId.ZONE_002, new InstanceAddress("127.0.0.1", 9000 + n), "demo", 0, n);
  }
}
