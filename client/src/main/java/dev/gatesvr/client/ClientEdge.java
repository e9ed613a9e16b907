package dev.gatesvr.client;

import dev.gatesvr.client.core.ClientCore;
import dev.gatesvr.client.core.ClientOutput;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.client.core.Inbound;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.SendResult;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A core on its loop: turns what happens into inputs with a time, and the core's effects into
 * connections, timers and work for the application. Confined to the loop, except {@link #post},
 * {@link #state} and {@link #ended}.
 */
final class ClientEdge implements ClientOutput {
  private static final Logger log = LoggerFactory.getLogger(ClientEdge.class);

  private final Dialer dialer;
  private final Supplier<String> loginTokens;
  private final Executor executor;
  private final ScheduledExecutorService loop;
  private final Inbox inbox;
  private final ClientCore core;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile ClientState state = ClientState.IDLE;
  private volatile long rttNanos;
  private @Nullable ClientLink link;

  /** The second connection, to the standby of a pair. */
  private @Nullable ClientLink warm;

  private @Nullable ScheduledFuture<?> timer;
  private long timerNanos;
  private int openLinks;

  /**
   * @param executor where the application runs, and names are resolved
   * @param application takes what the core has for it, on {@code executor}
   */
  ClientEdge(
      GatewayClientBuilder settings,
      Dialer dialer,
      Executor executor,
      Consumer<Inbound> application) {
    this.dialer = dialer;
    this.loginTokens = settings.loginTokens();
    this.executor = executor;
    this.loop = dialer.nextLoop();
    this.inbox = new Inbox(executor, application, () -> post(this::reportHandled));
    this.core =
        new ClientCore(
            settings.player(),
            settings.settings(),
            settings.serverList(),
            () -> ThreadLocalRandom.current().nextDouble(),
            System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
            this);
  }

  // ---------------------------------------------------------------- any thread

  /**
   * Runs an input of the core on the loop, with the time it is then.
   *
   * @return false when the loop has ended and the input is dropped
   */
  boolean post(LongConsumer input) {
    try {
      loop.execute(() -> run(input));
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("the loop has ended", e);
      return false;
    }
  }

  /** The core, for inputs given to {@link #post}. */
  ClientCore core() {
    return core;
  }

  ClientState state() {
    return state;
  }

  long rttNanos() {
    return rttNanos;
  }

  /** Everything countable, as of the loop's next turn. */
  CompletableFuture<ClientStats> stats() {
    CompletableFuture<ClientStats> stats = new CompletableFuture<>();
    if (!post(now -> stats.complete(core.stats()))) {
      // Nothing changes the core any more.
      stats.complete(core.stats());
    }
    return stats;
  }

  /** Completes when the client is closed and its last connection is released. */
  CompletableFuture<@Nullable Void> ended() {
    return ended;
  }

  /** True on the thread that is inside the application's callbacks just now. */
  boolean insideApplication() {
    return inbox.onThread();
  }

  // ---------------------------------------------------------------- on the loop

  private void run(LongConsumer input) {
    input.accept(System.nanoTime());
    settled();
  }

  /** After every input: what the core waits for next, and what others may see. */
  private void settled() {
    arm(core.nextDeadlineNanos());
    rttNanos = core.rttNanos();
    if (core.state() == ClientState.CLOSED && openLinks == 0) {
      ended.complete(null);
    }
  }

  private void reportHandled(long nowNanos) {
    int count = inbox.takeHandled();
    core.onHandled(count, inbox.newest(), nowNanos);
  }

  private void arm(long deadlineNanos) {
    ScheduledFuture<?> armed = timer;
    if (armed != null && timerNanos <= deadlineNanos && deadlineNanos != ClientCore.NEVER) {
      return;
    }
    if (armed != null) {
      armed.cancel(false);
      timer = null;
    }
    if (deadlineNanos != ClientCore.NEVER) {
      timerNanos = deadlineNanos;
      long delayNanos = Math.max(0, deadlineNanos - System.nanoTime());
      timer = loop.schedule(this::onTimer, delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void onTimer() {
    timer = null;
    run(core::onTime);
  }

  // ---------------------------------------------------------------- effects

  @Override
  public void dial(ServerAddress server) {
    link = open(server);
  }

  @Override
  public void dialWarm(ServerAddress server) {
    warm = open(server);
  }

  /** Nothing of it happens before this turn of the loop is over. */
  private ClientLink open(ServerAddress server) {
    ClientLink dialled = new ClientLink(this);
    openLinks++;
    try {
      executor.execute(() -> resolve(server, dialled));
    } catch (RejectedExecutionException e) {
      post(now -> dialled.onFailed(server + ": the executor takes no more work"));
    }
    return dialled;
  }

  /** On the executor, because name servers block. */
  private void resolve(ServerAddress server, ClientLink dialled) {
    try {
      InetAddress address = InetAddress.getByName(server.host());
      post(now -> connect(new InetSocketAddress(address, server.port()), dialled));
    } catch (UnknownHostException e) {
      post(now -> dialled.onFailed(server + ": unknown host"));
    }
  }

  private void connect(InetSocketAddress server, ClientLink dialled) {
    if (role(dialled) == Role.NONE) {
      dialled.onFailed("no longer wanted");
      return;
    }
    var unused =
        dialer
            .dial(server, loop, dialled)
            .whenComplete(
                (connection, failure) -> {
                  if (failure == null) {
                    post(dialled::onConnected);
                  } else {
                    post(now -> dialled.onFailed(String.valueOf(failure.getMessage())));
                  }
                });
  }

  @Override
  public void askToken() {
    ClientLink asking = link;
    if (asking == null) {
      return;
    }
    try {
      executor.execute(() -> fetchToken(asking));
    } catch (RejectedExecutionException e) {
      post(now -> tokenFailed(asking, "the executor takes no more work", now));
    }
  }

  /** On the executor, because it is the application's code and may well ask another server. */
  private void fetchToken(ClientLink asking) {
    try {
      String token = Objects.requireNonNull(loginTokens.get(), "the supplier returned null");
      post(
          now -> {
            if (isCurrent(asking)) {
              core.onToken(token);
            }
          });
    } catch (RuntimeException e) {
      log.warn("no login token: the supplier failed", e);
      post(now -> tokenFailed(asking, e.toString(), now));
    }
  }

  private void tokenFailed(ClientLink asking, String why, long nowNanos) {
    if (isCurrent(asking)) {
      core.onTokenFailed(why, nowNanos);
    }
  }

  @Override
  public SendResult send(ClientRequest message) {
    ClientLink current = link;
    return current == null ? SendResult.CLOSED : current.send(message);
  }

  @Override
  public void hangUp(CloseCode code) {
    ClientLink current = link;
    link = null;
    if (current != null) {
      current.hangUp(code);
    }
  }

  @Override
  public SendResult sendWarm(ClientRequest message) {
    ClientLink current = warm;
    return current == null ? SendResult.CLOSED : current.send(message);
  }

  @Override
  public void hangUpWarm(CloseCode code) {
    ClientLink current = warm;
    warm = null;
    if (current != null) {
      current.hangUp(code);
    }
  }

  @Override
  public void promoteWarm() {
    ClientLink promoted = warm;
    hangUp(CloseCode.NORMAL);
    link = promoted;
    warm = null;
  }

  @Override
  public void reading(boolean enabled) {
    if (link != null) {
      link.reading(enabled);
    }
  }

  @Override
  public void deliver(Inbound inbound) {
    if (inbound instanceof Inbound.StateChanged changed) {
      state = changed.state();
    }
    inbox.add(inbound);
  }

  // ---------------------------------------------------------------- from links

  /** What a link is to the core now; events of one that is nothing to it are dropped. */
  enum Role {
    MAIN,
    WARM,
    NONE
  }

  Role role(ClientLink asking) {
    if (asking.equals(link)) {
      return Role.MAIN;
    }
    return asking.equals(warm) ? Role.WARM : Role.NONE;
  }

  private boolean isCurrent(ClientLink asking) {
    return role(asking) == Role.MAIN;
  }

  /** Gives the core an event of a link that has a role. */
  void input(LongConsumer input) {
    run(input);
  }

  /** A link has ended by itself. */
  void forget(ClientLink gone) {
    if (gone.equals(link)) {
      link = null;
    } else if (gone.equals(warm)) {
      warm = null;
    }
  }

  /** Every link says this once, when nothing is left of it. */
  void released() {
    openLinks--;
    settled();
  }
}
