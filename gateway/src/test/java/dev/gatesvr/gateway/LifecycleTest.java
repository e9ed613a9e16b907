package dev.gatesvr.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.lifecycle.EndReason;
import dev.gatesvr.gateway.lifecycle.SessionFacts;
import dev.gatesvr.gateway.lifecycle.SessionObserver;
import dev.gatesvr.gateway.support.RawPlayer;
import dev.gatesvr.gateway.support.RawZone;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StopRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What observers hear of real players, in order. */
class LifecycleTest {
  private static final String PLAYER = "10000";
  private static final String ZONE = "003";

  private final Recorder recorder = new Recorder();
  private final RunningGateway gateway =
      RunningGateway.start(
          new RunningGateway.Settings().sessionTimeout(Duration.ofSeconds(1)).observer(recorder));

  @AfterEach
  void stop() {
    gateway.close();
  }

  private record Event(String what, SessionFacts session, String thread) {}

  private static final class Recorder implements SessionObserver {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>(1_000);
    private volatile boolean failing;

    private void heard(String what, SessionFacts session) {
      assertThat(events.offer(new Event(what, session, Thread.currentThread().getName()))).isTrue();
      if (failing) {
        throw new IllegalStateException("on purpose");
      }
    }

    @Override
    public void onCreated(SessionFacts session) {
      heard("created", session);
      session.writer().set("seen", "yes", Duration.ZERO);
      session.writer().set("short", "yes", Duration.ofNanos(1));
    }

    @Override
    public void onAttached(SessionFacts session) {
      heard("attached", session);
    }

    @Override
    public void onResumed(SessionFacts session) {
      heard("resumed", session);
    }

    @Override
    public void onDetached(SessionFacts session) {
      heard("detached", session);
    }

    @Override
    public void onTakenOver(SessionFacts session) {
      heard("takenOver", session);
    }

    @Override
    public void onExpired(SessionFacts session) {
      heard("expired", session);
    }

    @Override
    public void onEnded(SessionFacts session, EndReason reason) {
      heard("ended " + reason, session);
    }
  }

  /** The next events, as many as are expected. */
  private List<Event> hears(String... expected) {
    List<Event> heard = new ArrayList<>();
    try {
      for (String what : expected) {
        Event event = recorder.events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("%s after %s", what, heard).isNotNull();
        heard.add(event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(heard).extracting(Event::what).containsExactly(expected);
    assertThat(heard).extracting(Event::thread).allMatch(name -> name.startsWith("io-"));
    return heard;
  }

  @Test
  void connectLossResumeAndExpiry() {
    RawZone zone = gateway.zone(ZONE);
    RawPlayer player = gateway.connect();
    String session = player.start(PLAYER, 0).getConnectionId();
    List<Event> login = hears("created", "attached");
    SessionFacts attached = login.getLast().session();
    assertThat(attached.sessionId()).isEqualTo(session);
    assertThat(attached.openid()).isEqualTo(PLAYER);
    assertThat(attached.zone()).isEqualTo(ZONE);
    assertThat(attached.transport()).isEqualTo("quic");
    assertThat(attached.remoteAddress()).startsWith("127.0.0.1:");
    assertThat(login.getFirst().session().remoteAddress()).isEmpty();
    assertThat(attached.attributes()).containsEntry("seen", "yes");
    zone.push(PLAYER, "p1");
    player.nextBody();
    player.ack(1);
    player.cut();
    SessionFacts lost = hears("detached").getFirst().session();
    assertThat(lost.remoteAddress()).isEqualTo(attached.remoteAddress());
    RawPlayer again = gateway.connect();
    assertThat(again.start(PLAYER, 1).getResumed()).isTrue();
    hears("attached", "resumed");
    again.cut();
    List<Event> end = hears("detached", "expired", "ended EXPIRED");
    assertThat(end.getLast().session().sessionId()).isEqualTo(session);
    assertThat(end.getLast().session().attributes()).containsOnlyKeys("seen");
  }

  @Test
  void newerConnectionOfTheSameSession() {
    RawZone zone = gateway.zone(ZONE);
    RawPlayer player = gateway.login(PLAYER);
    zone.push(PLAYER, "p1");
    player.nextBody();
    hears("created", "attached");
    RawPlayer newer = gateway.connect();
    assertThat(newer.start(PLAYER, 1).getResumed()).isTrue();
    hears("detached", "attached", "resumed");
  }

  @Test
  void takeoverByANewerLogin() {
    RawPlayer old = gateway.connect();
    String first = old.start(PLAYER, 0).getConnectionId();
    hears("created", "attached");
    RawPlayer young = gateway.connect();
    String second = young.start(PLAYER, 0).getConnectionId();
    List<Event> heard = hears("takenOver", "detached", "ended REPLACED", "created", "attached");
    assertThat(heard)
        .extracting(event -> event.session().sessionId())
        .containsExactly(first, first, first, second, second);
  }

  @Test
  void takeoverOfAPlayerWhoIsAway() {
    gateway.login(PLAYER).cut();
    hears("created", "attached", "detached");
    gateway.login(PLAYER);
    hears("takenOver", "ended REPLACED", "created", "attached");
  }

  @Test
  void stopAndKick() {
    RawPlayer player = gateway.login(PLAYER);
    player.send(RequestType.REQUEST_STOP, 0, StopRequest.getDefaultInstance());
    hears("created", "attached", "detached", "ended STOPPED");
    gateway.login(PLAYER);
    assertThat(gateway.post("/sessions/kick?openid=" + PLAYER).statusCode()).isEqualTo(200);
    hears("created", "attached", "detached", "ended KICKED");
  }

  @Test
  void gatewaysEndIsALossOfTheConnection() {
    gateway.login(PLAYER);
    hears("created", "attached");
    gateway.stop();
    hears("detached");
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void faultyObserverDisturbsNobodyAndIsCounted() {
    recorder.failing = true;
    RawZone zone = gateway.zone(ZONE);
    RawPlayer player = gateway.login(PLAYER);
    zone.push(PLAYER, "p1");
    assertThat(player.nextBody().getData().toStringUtf8()).isEqualTo("p1");
    assertThat(gateway.metrics())
        .contains("gatesvr_observer_failures_total{event=\"created\",} 1.0")
        .contains("gatesvr_observer_failures_total{event=\"attached\",} 1.0");
  }
}
