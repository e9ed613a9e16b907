package dev.gatesvr.bench.ha;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.ClientListener;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StopRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** One player with the SDK, who notes what comes and when. Thread-safe. */
final class HaPlayer implements ClientListener {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final String openid;
  private final PushBook book = new PushBook();
  private final AtomicLong signals = new AtomicLong();
  private final AtomicInteger pending = new AtomicInteger();
  private final Silence pushes = new Silence();
  private final Silence answers = new Silence();
  private final GatewayClient client;
  private volatile @Nullable Histogram delivery;
  private volatile boolean leaving;

  /**
   * Connects.
   *
   * @param settings with everything but the OpenID
   */
  HaPlayer(String openid, GatewayClientBuilder settings) {
    this.openid = openid;
    this.client = settings.openid(openid).listener(this).connect();
  }

  String openid() {
    return openid;
  }

  PushBook book() {
    return book;
  }

  GatewayClient client() {
    return client;
  }

  boolean ready() {
    return client.state() == ClientState.READY;
  }

  /** Connected, with everything that was promised, and nothing asked that is not answered. */
  boolean caughtUp() {
    return ready() && book.missing() == 0 && pending.get() == 0;
  }

  /** Between pushes. */
  Silence pushes() {
    return pushes;
  }

  /** Between answers. */
  Silence answers() {
    return answers;
  }

  Faults faults() {
    return book.faults().plus(new Faults(0, 0, 0, signals.get()));
  }

  /** Enters how long pushes took from their planned time; null to stop. */
  void recordDelivery(@Nullable Histogram nanos) {
    delivery = nanos;
  }

  /**
   * Asks the zone for an echo.
   *
   * @return completes when it is answered, with true when the answer is right
   */
  CompletableFuture<Boolean> ask(String text) {
    pending.incrementAndGet();
    return client
        .request("echo", Map.of(), ByteString.copyFromUtf8(text), REQUEST_TIMEOUT)
        .handle((response, failure) -> onAnswer(text, response, failure));
  }

  private boolean onAnswer(String text, @Nullable Response response, @Nullable Throwable failure) {
    pending.decrementAndGet();
    boolean right = failure == null && response != null && response.text().equals(text);
    if (right) {
      answers.heard(System.nanoTime());
    } else if (!leaving) {
      signals.incrementAndGet();
    }
    return right;
  }

  /** Leaves the connection and comes back by another, as a player who noticed that it is dead. */
  void reconnect() {
    client.suspend();
    client.resume();
  }

  /** Ends the session. */
  CompletableFuture<?> leave() {
    leaving = true;
    return client.closeAsync(StopRequest.Reason.APP_CLOSE);
  }

  // ---------------------------------------------------------------- from the SDK

  @Override
  public void onPush(Push push) {
    long nowNanos = System.nanoTime();
    PushNumber number = PushNumber.parse(push.content());
    pushes.heard(nowNanos);
    book.onReceived(number.number());
    Histogram recorded = delivery;
    if (recorded != null) {
      recorded.recordValue(Math.max(0, nowNanos - number.plannedNanos()));
    }
  }

  @Override
  public void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {
    signals.incrementAndGet();
  }

  @Override
  public void onResync(Resync.Reason reason, String detail) {
    signals.incrementAndGet();
  }

  @Override
  public void onKicked(Kicked.Reason reason, String detail) {
    signals.incrementAndGet();
  }
}
