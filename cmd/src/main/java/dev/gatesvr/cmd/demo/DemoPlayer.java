package dev.gatesvr.cmd.demo;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.Dialer;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.route.ZoneRouter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A player of one zone, who remembers every push. */
final class DemoPlayer implements AutoCloseable {
  private static final int FIRST_OPENID = 10_000;
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(2);

  private final ZoneId zone;
  private final String openid;
  private final GatewayClient client;
  private final List<Push> pushes = new CopyOnWriteArrayList<>();

  /**
   * Starts to connect.
   *
   * @param settings without a player
   */
  DemoPlayer(ZoneId zone, GatewayClientBuilder settings, Dialer dialer) {
    this.zone = zone;
    this.openid = openidIn(zone);
    this.client =
        settings.openid(openid).token("demo").dialer(dialer).onPush(pushes::add).connect();
  }

  /** The first OpenID from 10000 up that belongs to a zone. */
  static String openidIn(ZoneId zone) {
    int candidate = FIRST_OPENID;
    while (ZoneRouter.zoneOf(Integer.toString(candidate)) != zone) {
      candidate++;
    }
    return Integer.toString(candidate);
  }

  ZoneId zone() {
    return zone;
  }

  String openid() {
    return openid;
  }

  void awaitReady() throws InterruptedException {
    try {
      client.whenReady().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoException(
          "player " + openid + " of zone " + zone + " got no session: " + client.lastProblem(), e);
    }
  }

  /**
   * Asks the zone.
   *
   * @throws DemoException when there is no answer, or one with a code other than 200
   */
  Response ask(String action, Map<String, String> params, String data) {
    Response response;
    try {
      response = client.request(action, params, ByteString.copyFromUtf8(data), PATIENCE).join();
    } catch (CompletionException e) {
      throw new DemoException(String.valueOf(e.getMessage()), e);
    }
    if (!response.ok()) {
      throw new DemoException(response.code() + " " + response.message());
    }
    return response;
  }

  /** What has arrived and passes a test. */
  List<Push> pushes(Predicate<Push> test) {
    return pushes.stream().filter(test).toList();
  }

  /** Waits for the first push that passes a test. */
  Push await(String what, Predicate<Push> test) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      List<Push> found = pushes(test);
      if (!found.isEmpty()) {
        return found.getFirst();
      }
      Thread.sleep(POLL);
    }
    throw new DemoException("player " + openid + " never got " + what);
  }

  @Override
  public void close() {
    client.close();
  }
}
