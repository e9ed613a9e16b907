package dev.gatesvr.gateway.auth.key;

import dev.gatesvr.gateway.auth.key.WatchedFile.Change;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code auth-keys}, which looks at the key files from time to time. */
public final class FileWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  private final List<WatchedFile<?>> files;
  private final Consumer<String> trouble;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "auth-keys");
            named.setDaemon(true);
            return named;
          });

  private FileWatch(List<WatchedFile<?>> files, Consumer<String> trouble) {
    this.files = List.copyOf(files);
    this.trouble = trouble;
  }

  /**
   * Starts looking.
   *
   * @param trouble told in one line of a file that turned bad, on this thread
   */
  public static FileWatch start(
      List<WatchedFile<?>> files, Duration interval, Consumer<String> trouble) {
    FileWatch watch = new FileWatch(files, trouble);
    long nanos = interval.toNanos();
    watch.thread.scheduleWithFixedDelay(watch::look, nanos, nanos, TimeUnit.NANOSECONDS);
    return watch;
  }

  private void look() {
    for (WatchedFile<?> file : files) {
      try {
        report(file, file.refresh());
      } catch (RuntimeException e) {
        log.error("key file {}: cannot be watched", file.file(), e);
      }
    }
  }

  private void report(WatchedFile<?> file, Change change) {
    switch (change) {
      case Change.None none -> {}
      case Change.Taken taken -> log.info("key file {}: read again, {}", file.file(), file.get());
      case Change.Bad bad -> {
        log.error("key file {}: {}; the keys read before stay in use", file.file(), bad.why());
        trouble.accept("a key file cannot be used");
      }
    }
  }

  /** Stops looking; the files keep what they hold. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
