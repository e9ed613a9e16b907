package dev.gatesvr.gateway.cuts;

import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.ServiceLimits;
import dev.gatesvr.upstream.service.UpstreamService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One upstream made with the SDK, which counts each run of each request by name. */
final class Zone implements AutoCloseable {
  private static final int SLOW_MILLIS = 40;

  private final UpstreamService service;
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private final Map<String, Integer> lastNumbers = new ConcurrentHashMap<>();
  private final Map<String, String> sessions = new ConcurrentHashMap<>();
  private final List<String> mistakes = new CopyOnWriteArrayList<>();
  private final AtomicLong boundAccepted = new AtomicLong();

  Zone(String zone, int gatewayPort) {
    try {
      service =
          UpstreamService.builder()
              .zone(zone)
              .listen("127.0.0.1:0")
              .gateway("127.0.0.1:" + gatewayPort)
              .limits(new ServiceLimits(4_096, 64, 256, Duration.ofMinutes(2)))
              .on("work", this::work)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  UpstreamService service() {
    return service;
  }

  /** The request's data is its name, {@code device#number}. */
  private Reply work(RequestContext request) throws InterruptedException {
    String name = request.data().toStringUtf8();
    runs.merge(name, 1, Integer::sum);
    sessions.put(request.openid(), request.sessionId());
    int hash = name.indexOf('#');
    int number = Integer.parseInt(name.substring(hash + 1));
    Integer earlier = lastNumbers.put(name.substring(0, hash), number);
    if (earlier != null && earlier >= number) {
      mistakes.add("ran " + name + " after " + earlier);
    }
    String bound = "";
    if (request.params().containsKey("bound")) {
      var after = request.notifyAfter(Notice.of("bound", "", "after|" + name));
      var before = request.notifyBefore(Notice.of("bound", "", "before|" + name));
      bound = accepted(before.toCompletableFuture().join(), "before");
      bound += accepted(after.toCompletableFuture().join(), "after");
    }
    if (request.params().containsKey("slow")) {
      Thread.sleep(SLOW_MILLIS);
    }
    return Reply.ok(bound, name);
  }

  private String accepted(PushResult result, String word) {
    if (result.accepted()) {
      boundAccepted.incrementAndGet();
      return word;
    }
    return "";
  }

  /** The newest session in which the player asked something, or null. */
  @Nullable String sessionOf(String openid) {
    return sessions.get(openid);
  }

  /** How often the request ran. */
  int runs(String name) {
    return runs.getOrDefault(name, 0);
  }

  long runsInAll() {
    return runs.values().stream().mapToLong(Integer::longValue).sum();
  }

  long boundAccepted() {
    return boundAccepted.get();
  }

  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  @Override
  public void close() {
    service.stop(Duration.ZERO);
  }
}
