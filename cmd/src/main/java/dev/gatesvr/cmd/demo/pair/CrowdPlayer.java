package dev.gatesvr.cmd.demo.pair;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.ClientListener;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.cmd.demo.DemoException;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StopRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** One of the many players. Thread-safe. */
final class CrowdPlayer implements ClientListener {
  /** A request that waits this long on a busy machine was still not lost. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String openid;
  private final Diary diary;
  private final GatewayClient client;
  private final AtomicInteger unanswered = new AtomicInteger();

  /** Starts to connect. */
  CrowdPlayer(String openid, Diary diary, GatewayClientBuilder settings) {
    this.openid = openid;
    this.diary = diary;
    this.client = settings.openid(openid).token("demo").listener(this).connect();
  }

  Diary diary() {
    return diary;
  }

  String openid() {
    return openid;
  }

  /** Asks the zone to begin with pushes. */
  CompletableFuture<Response> begin() {
    return client.request(ZoneCommand.BEGIN, Map.of(), ByteString.EMPTY, PATIENCE);
  }

  /** Sends the next request. */
  void ask() {
    int number = diary.ask();
    unanswered.incrementAndGet();
    var unused =
        client
            .request(
                ZoneCommand.WORK,
                Map.of(),
                ByteString.copyFromUtf8(Integer.toString(number)),
                PATIENCE)
            .whenComplete(
                (response, failure) -> {
                  if (failure != null) {
                    diary.failed(number, String.valueOf(failure.getMessage()));
                  } else if (response.ok() && response.text().equals(Integer.toString(number))) {
                    diary.answered(number, System.nanoTime());
                  } else {
                    diary.failed(number, response.code() + " " + response.message());
                  }
                  unanswered.decrementAndGet();
                });
  }

  /** Requests that wait for their outcome. */
  int unanswered() {
    return unanswered.get();
  }

  /** Ends the pushes and asks what the zone knows. */
  CompletableFuture<Ledger> end() {
    return client
        .request(ZoneCommand.END, Map.of(), ByteString.EMPTY, PATIENCE)
        .thenApply(
            response -> {
              if (!response.ok()) {
                throw new DemoException(
                    "player " + openid + ": " + response.code() + " " + response.message());
              }
              return Ledger.parse(response.text());
            });
  }

  /** Blocks for a moment. */
  ClientStats stats() throws InterruptedException {
    try {
      return client.stats().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new DemoException("player " + openid + " says nothing of itself", e);
    }
  }

  @Override
  public void onPush(Push push) {
    diary.pushed(Integer.parseInt(push.content()), System.nanoTime());
  }

  @Override
  public void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {
    diary.gap(reason + " " + firstSeqId + " to " + lastSeqId);
  }

  @Override
  public void onResync(Resync.Reason reason, String detail) {
    diary.resync(reason + " " + detail);
  }

  @Override
  public void onKicked(Kicked.Reason reason, String detail) {
    diary.resync("kicked: " + reason + " " + detail);
  }

  /** Leaves; completes when it is gone. */
  CompletableFuture<?> leave() {
    return client.closeAsync(StopRequest.Reason.APP_CLOSE);
  }
}
