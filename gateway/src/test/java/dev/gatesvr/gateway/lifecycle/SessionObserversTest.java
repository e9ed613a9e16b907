package dev.gatesvr.gateway.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionObserversTest {
  private static final SessionFacts FACTS =
      new SessionFacts(
          "s1",
          "10000",
          "003",
          "127.0.0.1:1",
          "quic",
          Map.of(),
          new AttributeWriter() {
            @Override
            public void set(String name, String value, Duration ttl) {}

            @Override
            public void remove(String name) {}
          });

  @Test
  void faultOfOneIsToldAndTheOthersStillHear() {
    List<String> heard = new ArrayList<>();
    List<String> failures = new ArrayList<>();
    SessionObserver bad =
        new SessionObserver() {
          @Override
          public void onEnded(SessionFacts session, EndReason reason) {
            throw new IllegalStateException("on purpose");
          }
        };
    SessionObserver good =
        new SessionObserver() {
          @Override
          public void onEnded(SessionFacts session, EndReason reason) {
            heard.add(session.openid() + " " + reason);
          }
        };
    SessionObservers observers =
        new SessionObservers(
            List.of(bad, good), (event, e) -> failures.add(event + ": " + e.getMessage()));
    observers.created(() -> FACTS);
    observers.ended(() -> FACTS, EndReason.KICKED);
    assertThat(heard).containsExactly("10000 KICKED");
    assertThat(failures).containsExactly("ended: on purpose");
  }

  @Test
  void factsAreNotMadeForNobody() {
    assertThat(SessionObservers.NONE.none()).isTrue();
    SessionObservers.NONE.attached(
        () -> {
          throw new AssertionError("nobody asked");
        });
  }
}
