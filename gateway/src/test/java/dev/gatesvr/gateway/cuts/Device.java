package dev.gatesvr.gateway.cuts;

import com.google.protobuf.ByteString;
import dev.gatesvr.client.ClientListener;
import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.OutcomeUnknownException;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.RequestException;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.transport.CloseReason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A player on one device: the SDK, its books, and who cuts it. Thread-safe. */
final class Device implements ClientListener {
  /** How a request ended. */
  enum End {
    ANSWERED,
    REFUSED,
    UNKNOWN
  }

  /** Told of each loss and each return, on the client's executor. */
  interface Watcher {
    void onLost(Device device, Cut cut, String why);

    void onBack(Device device, boolean first);
  }

  private final String openid;
  private final String name;
  private final Watcher watcher;
  private final Received received;
  private final CuttableDialer dialer;
  private final GatewayClient client;

  /** Held while the SDK runs a callback, and while a request gets what sees its answer in turn. */
  private final ReentrantLock turn = new ReentrantLock();

  private final AtomicReference<@Nullable Cut> cut = new AtomicReference<>();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicInteger resumes = new AtomicInteger();
  private final AtomicInteger resyncs = new AtomicInteger();
  private final AtomicInteger errors = new AtomicInteger();
  private final Map<Integer, End> ends = new ConcurrentHashMap<>();
  private final AtomicInteger pending = new AtomicInteger();
  private final CompletableFuture<Kicked.Reason> kicked = new CompletableFuture<>();
  private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
  private volatile boolean ready;
  private boolean everReady;

  Device(
      String openid,
      String name,
      GatewayClientBuilder builder,
      CuttableDialer dialer,
      Watcher watcher) {
    this.openid = openid;
    this.name = name;
    this.watcher = watcher;
    this.received = new Received(name);
    this.dialer = dialer;
    this.client =
        builder.openid(openid).dialer(dialer).listener(this).executor(this::inTurn).connect();
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

  Received received() {
    return received;
  }

  boolean ready() {
    return ready && cut.get() == null;
  }

  // ---------------------------------------------------------------- cutting

  /** Marks the coming loss; false when it is not ready or already being cut. */
  boolean mark(Cut kind) {
    return ready && cut.compareAndSet(null, kind);
  }

  void sever(Cut kind, int delayMillis) {
    dialer.cut(kind, delayMillis);
  }

  // ---------------------------------------------------------------- requests

  /**
   * Sends a request with a name of its own.
   *
   * @return completes when it has ended, however
   */
  CompletableFuture<Void> request(Map<String, String> params, Duration timeout) {
    int number = numbers.getAndIncrement();
    String unique = name + "#" + number;
    pending.incrementAndGet();
    turn.lock();
    try {
      return client
          .request("work", params, ByteString.copyFromUtf8(unique), timeout)
          .handle(
              (response, failure) -> {
                onEnd(number, unique, response, failure);
                return null;
              });
    } finally {
      turn.unlock();
    }
  }

  private void onEnd(
      int number, String unique, @Nullable Response response, @Nullable Throwable failure) {
    End end;
    if (response != null) {
      received.onAnswer(unique, response);
      end = End.ANSWERED;
    } else {
      Throwable why = failure instanceof CompletionException e ? e.getCause() : failure;
      end = why instanceof OutcomeUnknownException ? End.UNKNOWN : End.REFUSED;
      if (why instanceof RequestException) {
        errors.incrementAndGet();
      } else {
        received.unexpected("request " + number + ": " + why);
      }
    }
    if (ends.put(number, end) != null) {
      received.unexpected("request " + number + " ended twice");
    }
    pending.decrementAndGet();
  }

  /** Requests that have not ended. */
  int pending() {
    return pending.get();
  }

  int requests() {
    return numbers.get();
  }

  Map<Integer, End> ends() {
    return Map.copyOf(ends);
  }

  /** Requests that ended without an answer, each of which may have left a position unseen. */
  int errors() {
    return errors.get();
  }

  // ---------------------------------------------------------------- from the SDK

  @Override
  public void onPush(Push push) {
    received.onPush(push);
  }

  @Override
  public void onGap(long firstSeqId, long lastSeqId, Gap.Reason reason) {
    received.onGap(firstSeqId, lastSeqId);
  }

  @Override
  public void onStateChanged(ClientState state, String why) {
    boolean was = ready;
    ready = state == ClientState.READY;
    if (was && !ready && state != ClientState.CLOSED) {
      Cut kind = cut.get();
      watcher.onLost(this, kind == null ? Cut.OTHER : kind, why);
    }
    if (ready) {
      cut.set(null);
      watcher.onBack(this, !everReady);
      everReady = true;
    }
  }

  @Override
  public void onResumed() {
    resumes.incrementAndGet();
  }

  @Override
  public void onResync(Resync.Reason reason, String detail) {
    resyncs.incrementAndGet();
    received.onResync();
  }

  @Override
  public void onKicked(Kicked.Reason reason, String detail) {
    kicked.complete(reason);
  }

  @Override
  public void onClosed(CloseReason reason) {
    received.onOver();
    closed.complete(reason);
  }

  int resumes() {
    return resumes.get();
  }

  int resyncs() {
    return resyncs.get();
  }

  CompletableFuture<Kicked.Reason> kicked() {
    return kicked.copy();
  }

  CompletableFuture<CloseReason> closed() {
    return closed.copy();
  }
}
