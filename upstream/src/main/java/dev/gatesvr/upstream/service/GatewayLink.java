package dev.gatesvr.upstream.service;

import static java.util.Objects.requireNonNull;

import dev.gatesvr.proto.BroadcastRequest;
import dev.gatesvr.proto.BroadcastResponse;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import dev.gatesvr.proto.UpstreamRegisterRequest;
import dev.gatesvr.proto.UpstreamRegisterResponse;
import dev.gatesvr.upstream.grpc.PushErrors;
import dev.gatesvr.upstream.route.Printable;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one gateway: registers there, notices when that is lost, registers again. What changes
 * {@link State} happens on the link thread; pushes may come from any thread.
 *
 * <p>A gateway that restarts loses its connections, so every end of a connection is taken as a loss
 * of the registration, also when the next connection is there before anybody looks.
 */
final class GatewayLink {
  private static final Logger log = LoggerFactory.getLogger(GatewayLink.class);

  /** A gateway must have its zones back within two seconds of its own return. */
  private static final long RETRY_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long RETRY_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A gateway that refused will most likely do so again. */
  private static final long RETRY_REFUSED_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A gateway may have removed a service that it could not reach for a while. */
  private static final long REFRESH_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A gateway that was deposed will soon know it, and be its pair's standby. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long REGISTER_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final String name;
  private final ManagedChannel channel;
  private final UpstreamRegisterRequest registration;
  private final ScheduledExecutorService linkThread;
  private final long pushTimeoutNanos;
  private final ServiceObserver observer;
  private final Fences fences;
  private final Object factsLock = new Object();

  /** Unanswered ones; as many as authors issue, each ends by the push timeout. */
  private final Set<PushCall> pushes = ConcurrentHashMap.newKeySet();

  private final Backoff backoff =
      new Backoff(RETRY_FIRST_NANOS, RETRY_MAX_NANOS, ThreadLocalRandom::current);

  private volatile State state = State.NEW;
  private volatile LinkFacts facts = LinkFacts.NONE;
  private ConnectivityState watched = ConnectivityState.IDLE;
  private long connectionsLost;
  private boolean registering;
  private @Nullable ScheduledFuture<?> timer;

  /** Where the registration stands. */
  private enum State {
    /** Not tried yet. */
    NEW,
    /** The gateway knows this service. */
    REGISTERED,
    /** There is no connection, or no answer. */
    UNREACHABLE,
    /** The gateway said no. */
    REFUSED,
    /** Given up for good. */
    CLOSED
  }

  /** A push that was not answered. */
  private static final class PushCall {
    private final CompletableFuture<UnicastPushResponse> reply;
    private final SentMark mark;

    PushCall(CompletableFuture<UnicastPushResponse> reply, SentMark mark) {
      this.reply = reply;
      this.mark = mark;
    }

    void giveUp() {
      mark.assumeSent();
      reply.completeExceptionally(
          new IllegalStateException("another gateway took over before this one answered"));
    }
  }

  GatewayLink(
      String name,
      ManagedChannel channel,
      UpstreamRegisterRequest registration,
      ScheduledExecutorService linkThread,
      long pushTimeoutNanos,
      ServiceObserver observer,
      Fences fences) {
    this.name = name;
    this.channel = channel;
    this.registration = registration;
    this.linkThread = linkThread;
    this.pushTimeoutNanos = pushTimeoutNanos;
    this.observer = observer;
    this.fences = fences;
  }

  /** The gateway's address as configured. */
  String name() {
    return name;
  }

  /** True when the gateway knows this service. */
  boolean registered() {
    return state == State.REGISTERED;
  }

  /**
   * True when a push would be written now. Otherwise it would wait for a connection, and gRPC gives
   * up the order of calls that do.
   */
  boolean connected() {
    return channel.getState(false) == ConnectivityState.READY;
  }

  void start() {
    onLinkThread(
        () -> {
          watch();
          attempt();
        });
  }

  /** Any thread; pushes under way end as unknown. */
  void close() {
    state = State.CLOSED;
    channel.shutdownNow();
  }

  /** Waits until the last push under way has been told that it ended. */
  void awaitClosed(long timeoutNanos) throws InterruptedException {
    if (!channel.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS)) {
      log.debug("the channel to {} did not end in time", name);
    }
  }

  /** What the gateway last said of itself. */
  LinkFacts facts() {
    return facts;
  }

  /** True when it claimed to lead its pair, in a term that is over. It is not worth asking. */
  boolean deposed() {
    LinkFacts known = facts;
    return !known.standby() && fences.deposed(known.pair(), known.term());
  }

  /** Offers a push. The future never fails. */
  CompletableFuture<PushAnswer> push(UnicastPushRequest request) {
    SentMark mark = new SentMark();
    CompletableFuture<UnicastPushResponse> reply =
        call(GatewayServiceGrpc.getPushToClientMethod(), request, pushTimeoutNanos, mark);
    PushCall pushCall = new PushCall(reply, mark);
    pushes.add(pushCall);
    if (deposed()) {
      // The sweep over those under way may have been before this one was among them.
      pushCall.giveUp();
    }
    return reply.handle(
        (response, failure) -> {
          pushes.remove(pushCall);
          return response == null
              ? PushAnswer.lost(name, requireNonNull(failure), mark.sent())
              : answerOf(response);
        });
  }

  private PushAnswer answerOf(UnicastPushResponse response) {
    String pair = response.getGatewayPair();
    long term = response.getGatewayTerm();
    boolean standby = response.getErrorCode().equals(PushErrors.NOT_PRIMARY);
    learn(new LinkFacts(pair, term, standby));
    return PushAnswer.of(name, response, fences.deposed(pair, term));
  }

  /** Offers a broadcast; null stands for an answer of a gateway that was deposed. */
  CompletableFuture<@Nullable BroadcastResponse> broadcast(BroadcastRequest request) {
    return call(
            GatewayServiceGrpc.getBroadcastToClientsMethod(),
            request,
            pushTimeoutNanos,
            new SentMark())
        .thenApply(
            response -> {
              String pair = response.getGatewayPair();
              long term = response.getGatewayTerm();
              learn(
                  new LinkFacts(
                      pair, term, response.getMessage().startsWith(PushErrors.NOT_PRIMARY)));
              return fences.deposed(pair, term) ? null : response;
            });
  }

  private void learn(LinkFacts said) {
    synchronized (factsLock) {
      facts = facts.with(said);
    }
    // What it says raises the fence for requests too; a full table leaves it as it is.
    var unused = fences.admit(said.pair(), said.term());
  }

  /**
   * A higher term of a pair is known. What this gateway has of pushes under a lower one ends as
   * unknown, for its answer would not count; and it is asked what it is now.
   */
  void raised(String pair, long term) {
    LinkFacts known = facts;
    if (!known.pair().equals(pair)) {
      return;
    }
    if (!known.standby() && Long.compareUnsigned(known.term(), term) < 0) {
      pushes.forEach(PushCall::giveUp);
    }
    onLinkThread(this::attempt);
  }

  private <Q, R> CompletableFuture<R> call(
      MethodDescriptor<Q, R> method, Q request, long timeoutNanos, SentMark mark) {
    UnaryReply<R> reply = new UnaryReply<>();
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(mark);
    ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, reply);
    return reply.future();
  }

  private void watch() {
    watched = channel.getState(true);
    channel.notifyWhenStateChanged(watched, () -> onLinkThread(this::connectivityChanged));
  }

  private void connectivityChanged() {
    if (state == State.CLOSED) {
      return;
    }
    if (watched == ConnectivityState.READY) {
      connectionsLost++;
      become(State.UNREACHABLE, "the connection ended");
    }
    watch();
    attempt();
  }

  private void attempt() {
    if (state == State.CLOSED || registering) {
      return;
    }
    ConnectivityState connectivity = channel.getState(true);
    if (connectivity != ConnectivityState.READY) {
      if (connectivity == ConnectivityState.TRANSIENT_FAILURE) {
        become(State.UNREACHABLE, "nobody answers there");
        // gRPC's own wait grows to minutes.
        channel.resetConnectBackoff();
      }
      attemptIn(backoff.nextNanos());
      return;
    }
    registering = true;
    long lostBefore = connectionsLost;
    // A failure is an argument of the callback.
    var unused =
        call(
                GatewayServiceGrpc.getRegisterUpstreamMethod(),
                registration,
                REGISTER_TIMEOUT_NANOS,
                new SentMark())
            .whenComplete(
                (response, failure) -> onLinkThread(() -> answered(response, failure, lostBefore)));
  }

  private void answered(
      @Nullable UpstreamRegisterResponse response, @Nullable Throwable failure, long lostBefore) {
    registering = false;
    if (state == State.CLOSED) {
      return;
    }
    if (lostBefore != connectionsLost) {
      // Said by a gateway that may be gone since.
      attempt();
    } else if (response == null) {
      become(State.UNREACHABLE, String.valueOf(failure));
      attemptIn(backoff.nextNanos());
    } else if (response.getSuccess()) {
      backoff.reset();
      learn(
          new LinkFacts(
              response.getGatewayPair(), response.getGatewayTerm(), response.getStandby()));
      become(State.REGISTERED, "");
      attemptIn(
          deposed()
              ? LOOK_AGAIN_NANOS
              : REFRESH_NANOS - ThreadLocalRandom.current().nextLong(REFRESH_NANOS / 4));
    } else {
      become(State.REFUSED, response.getErrorCode() + " " + response.getMessage());
      attemptIn(RETRY_REFUSED_NANOS);
    }
  }

  /** One line and one call for each change, however often the same is found again. */
  private void become(State next, String why) {
    State before = state;
    if (before == next || before == State.CLOSED) {
      return;
    }
    state = next;
    if (next == State.REGISTERED) {
      log.info("registered with gateway {}", name);
      observer.onRegistered(name);
    } else {
      log.warn("not registered with gateway {}: {}", name, Printable.plain(why));
      observer.onLost(name, why);
    }
  }

  private void attemptIn(long delayNanos) {
    ScheduledFuture<?> before = timer;
    if (before != null) {
      before.cancel(false);
    }
    timer = linkThread.schedule(this::attempt, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void onLinkThread(Runnable task) {
    try {
      linkThread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("link to {} is closed", name);
    }
  }
}
