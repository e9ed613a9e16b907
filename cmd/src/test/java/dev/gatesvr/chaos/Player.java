package dev.gatesvr.chaos;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.ClientListener;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.OutcomeUnknownException;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One device of one OpenID, made with the SDK, and the book it keeps. Thread-safe. */
final class Player implements ClientListener {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(40);
  private static final int PENDING_MAX = 16;

  /** How a request ended. */
  enum End {
    ANSWERED,
    REFUSED,
    UNKNOWN
  }

  /**
   * One request and its end.
   *
   * @param by the process that ran it, as the answer says; else why there is none
   */
  record Asked(String name, End end, String by) {}

  /** What a player has of one round; a copy. */
  record Book(
      String name, String openid, List<Event> events, List<Asked> asked, List<String> unended) {}

  private final String openid;
  private final String name;
  private final GatewayClient client;

  /** Held while a callback runs, so that an answer is written down in its turn. */
  private final ReentrantLock turn = new ReentrantLock();

  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger pending = new AtomicInteger();

  // Guarded by this.
  private final List<Event> events = new ArrayList<>();
  private final Map<String, @Nullable Asked> requests = new HashMap<>();
  private volatile ClientState state = ClientState.IDLE;

  /**
   * Connects.
   *
   * @param settings with dialer and gateways
   */
  Player(String openid, int device, GatewayClientBuilder settings) {
    this.openid = openid;
    this.name = openid + "/" + device;
    this.client = settings.openid(openid).listener(this).executor(this::inTurn).connect();
  }

  private void inTurn(Runnable callback) {
    Thread.startVirtualThread(
        () -> {
          turn.lock();
          try {
            callback.run();
          } finally {
            turn.unlock();
          }
        });
  }

  String openid() {
    return openid;
  }

  String name() {
    return name;
  }

  GatewayClient client() {
    return client;
  }

  boolean ready() {
    return state == ClientState.READY;
  }

  boolean closed() {
    return state == ClientState.CLOSED;
  }

  int pending() {
    return pending.get();
  }

  // ---------------------------------------------------------------- asking

  /** Sends one more request with a name that no other has, unless many are under way. */
  void ask(String stream, int handlerMillis) {
    if (pending.get() >= PENDING_MAX || closed()) {
      return;
    }
    String request = name + "#" + stream + "#" + numbers.incrementAndGet();
    pending.incrementAndGet();
    synchronized (this) {
      requests.put(request, null);
    }
    turn.lock();
    try {
      CompletableFuture<Response> answer =
          client.request(
              "work",
              Map.of("millis", Integer.toString(handlerMillis)),
              ByteString.copyFromUtf8(request),
              REQUEST_TIMEOUT);
      var unused = answer.whenComplete((response, failure) -> onEnd(request, response, failure));
    } finally {
      turn.unlock();
    }
  }

  private synchronized void onEnd(
      String request, @Nullable Response response, @Nullable Throwable failure) {
    Asked asked;
    if (response != null) {
      events.add(Event.answer(request, response.seqId()));
      boolean whole = response.ok() && response.text().equals(request);
      asked =
          new Asked(
              request,
              whole ? End.ANSWERED : refusedBy(response),
              whole ? response.message() : response.code() + " " + response.text());
    } else {
      Throwable why = failure instanceof CompletionException e ? e.getCause() : failure;
      boolean unknown = why instanceof OutcomeUnknownException;
      asked = new Asked(request, unknown ? End.UNKNOWN : End.REFUSED, String.valueOf(why));
    }
    requests.put(request, asked);
    pending.decrementAndGet();
  }

  /** A zone that says 504 does not know whether an earlier copy of the request ran. */
  private static End refusedBy(Response response) {
    return response.code() == dev.gatesvr.upstream.service.Reply.OUTCOME_UNKNOWN
        ? End.UNKNOWN
        : End.REFUSED;
  }

  /** What happened since the last time, when nothing is under way; begins anew. */
  synchronized Book takeBook() {
    List<Asked> asked = new ArrayList<>();
    List<String> unended = new ArrayList<>();
    requests.forEach(
        (request, end) -> {
          if (end == null) {
            unended.add(request);
          } else {
            asked.add(end);
          }
        });
    Book book = new Book(name, openid, List.copyOf(events), asked, unended);
    events.clear();
    requests.clear();
    return book;
  }

  /** Pushes of a stream and answers so far. */
  synchronized boolean heardOf(String stream) {
    boolean pushed = events.stream().anyMatch(e -> e.text().endsWith(stream));
    return pushed && events.stream().anyMatch(e -> e.kind() == Event.Kind.ANSWER);
  }

  /** When the newest event came, 0 before the first. */
  synchronized long newestNanos() {
    return events.isEmpty() ? 0 : events.getLast().nanos();
  }

  void close() {
    var unused = client.closeAsync(StopRequest.Reason.APP_CLOSE);
  }

  // ---------------------------------------------------------------- from the SDK

  private synchronized void add(Event event) {
    events.add(event);
  }

  @Override
  public void onPush(Push push) {
    String text = push.content();
    int bar = text.indexOf('|');
    add(
        Event.push(
            text.substring(0, bar), Integer.parseInt(text.substring(bar + 1)), push.seqId()));
  }

  @Override
  public void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {
    add(Event.gap(firstSeqId, lastSeqId));
  }

  @Override
  public void onStateChanged(ClientState now, String why) {
    boolean was = ready();
    state = now;
    if (now == ClientState.READY) {
      add(Event.of(Event.Kind.READY, ""));
    } else if (was) {
      add(Event.of(Event.Kind.AWAY, why));
    }
  }

  @Override
  public void onResumed() {
    add(Event.of(Event.Kind.RESUMED, ""));
  }

  @Override
  public void onFailover(ServerAddress gateway) {
    add(Event.of(Event.Kind.FAILOVER, gateway.toString()));
  }

  @Override
  public void onResync(Resync.Reason reason, String detail) {
    add(Event.of(Event.Kind.RESYNC, reason + " " + detail));
  }

  @Override
  public void onKicked(Kicked.Reason reason, String detail) {
    add(Event.of(Event.Kind.KICKED, reason + " " + detail));
  }

  @Override
  public void onClosed(CloseReason reason) {
    add(Event.of(Event.Kind.CLOSED, reason.toString()));
  }
}
