package dev.gatesvr.backup.register.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.backup.register.Arbiter;
import dev.gatesvr.backup.register.ArbiterException;
import dev.gatesvr.backup.register.ArbiterObserver;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.proto.LeadershipValue;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register in etcd. Thread-safe; stages complete and the observer is called on the thread
 * {@code backup-etcd}. jetcd has threads of its own besides. See the package.
 */
public final class EtcdArbiter implements Arbiter {
  private static final Logger log = LoggerFactory.getLogger(EtcdArbiter.class);

  /** Reads and changes under way; a gateway has one at a time. */
  private static final int UNDER_WAY_MAX = 16;

  /** A watch that failed, for example on a compacted revision, is made anew. */
  private static final long WATCH_AGAIN_MILLIS = 500;

  private final EtcdSettings settings;
  private final ByteSequence key;
  private final Client client;
  private final EventExecutor thread;
  private final Set<EtcdChange> underWay = new HashSet<>();
  private Watch.@Nullable Watcher watcher;
  private @Nullable ArbiterObserver observer;
  private Leadership newest = Leadership.NONE;
  private volatile boolean closed;

  private EtcdArbiter(EtcdSettings settings) {
    this.settings = settings;
    this.key = ByteSequence.from(settings.key(), StandardCharsets.UTF_8);
    this.client = connect(settings);
    // It logs what a task throws.
    this.thread = new DefaultEventExecutor(new DefaultThreadFactory("backup-etcd", true));
  }

  private static Client connect(EtcdSettings settings) {
    ClientBuilder builder =
        Client.builder()
            .endpoints(settings.uris())
            // Attempts are ours: only we can tell a change that happened from one that did not.
            .retryMaxAttempts(0)
            .waitForReady(false)
            .connectTimeout(settings.timeout());
    if (settings.withTls()) {
      try {
        builder.sslContext(ssl -> {});
      } catch (SSLException e) {
        throw new IllegalStateException("no TLS for etcd", e);
      }
    }
    return builder.build();
  }

  /** Begins to connect; nothing fails when etcd is not there yet. */
  public static EtcdArbiter start(EtcdSettings settings) {
    EtcdArbiter arbiter = new EtcdArbiter(settings);
    arbiter.thread.execute(arbiter::watch);
    return arbiter;
  }

  static ByteSequence toBytes(Leadership leadership) {
    return ByteSequence.from(LeadershipWire.toWire(leadership).toByteString());
  }

  /** Reads a value, or throws IllegalArgumentException. */
  static Leadership fromBytes(ByteSequence bytes) {
    try {
      return LeadershipWire.fromWire(LeadershipValue.parseFrom(bytes.getBytes()));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public CompletionStage<Leadership> read() {
    return change(Leadership.NONE, Leadership.NONE);
  }

  @Override
  public CompletionStage<Leadership> change(Leadership expected, Leadership wanted) {
    CompletableFuture<Leadership> outcome = new CompletableFuture<>();
    try {
      thread.execute(() -> begin(expected, wanted, outcome));
    } catch (RejectedExecutionException e) {
      outcome.completeExceptionally(new ArbiterException("the arbiter is closed", e));
    }
    return outcome;
  }

  private void begin(
      Leadership expected, Leadership wanted, CompletableFuture<Leadership> outcome) {
    if (closed || underWay.size() >= UNDER_WAY_MAX) {
      String why = closed ? "the arbiter is closed" : UNDER_WAY_MAX + " changes are under way";
      outcome.completeExceptionally(new ArbiterException(why));
      return;
    }
    CompletableFuture<Leadership> voted = new CompletableFuture<>();
    EtcdChange change =
        new EtcdChange(
            client.getKVClient(), key, expected, wanted, settings.timeout(), thread, voted);
    underWay.add(change);
    var unused =
        voted.whenComplete(
            (value, failure) -> {
              underWay.remove(change);
              if (failure == null) {
                sawNewer(value);
                outcome.complete(value);
              } else {
                outcome.completeExceptionally(failure);
              }
            });
    change.start();
  }

  @Override
  public void observe(ArbiterObserver observer) {
    thread.execute(
        () -> {
          this.observer = observer;
          if (newest.version() > 0) {
            observer.onLeadership(newest);
          }
        });
  }

  private void watch() {
    if (closed) {
      return;
    }
    Watch.Watcher old = watcher;
    if (old != null) {
      old.close();
    }
    watcher =
        client
            .getWatchClient()
            .watch(
                key,
                Watch.listener(
                    response -> onThread(() -> onWatch(response)),
                    failure -> onThread(() -> watchEnded(failure))));
    // What happened before the watch began.
    var unused =
        read()
            .exceptionally(
                failure -> {
                  log.info("etcd is not there yet: {}", failure.getMessage());
                  return Leadership.NONE;
                });
  }

  private void onWatch(WatchResponse response) {
    for (WatchEvent event : response.getEvents()) {
      if (event.getEventType() == WatchEvent.EventType.PUT) {
        try {
          sawNewer(fromBytes(event.getKeyValue().getValue()));
        } catch (IllegalArgumentException e) {
          log.error("etcd key {} holds what is no register", settings.key(), e);
        }
      } else {
        log.error("etcd key {} was deleted: the register is lost", settings.key());
      }
    }
  }

  private void watchEnded(Throwable failure) {
    log.info("the watch of etcd ended: {}", failure.getMessage());
    if (!closed) {
      thread.schedule(this::watch, WATCH_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void sawNewer(Leadership value) {
    if (value.version() <= newest.version()) {
      return;
    }
    newest = value;
    ArbiterObserver told = observer;
    if (told != null) {
      told.onLeadership(value);
    }
  }

  private void onThread(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("the arbiter is closed");
    }
  }

  /** Ends everything; what is under way fails, and its outcome is unknown. Does not block. */
  @Override
  public void close() {
    closed = true;
    onThread(
        () -> {
          ArbiterException why = new ArbiterException("the arbiter is closed");
          Set.copyOf(underWay).forEach(change -> change.fail(why));
          client.close();
          thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
  }
}
