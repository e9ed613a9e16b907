package dev.gatesvr.upstream.service.witness;

import io.grpc.BindableService;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running witness without a port: whoever has one adds {@link #service} to it. Thread-safe.
 *
 * <p>Threads: {@code witness-disk}, {@code witness-watch}.
 */
public final class Witness implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Witness.class);

  private final VoteDesk desk;
  private final WatchRoom room;
  private final WitnessEdge edge;
  private final ScheduledThreadPoolExecutor clock;

  private Witness(VoteStore store) {
    room = new WatchRoom(store.id(), store.votes(), System.nanoTime());
    desk = new VoteDesk(store, room::accepted);
    edge = new WitnessEdge(desk, room, System::nanoTime);
    clock = new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("witness-watch", true));
    lookIn(0);
  }

  /**
   * Reads the votes and begins.
   *
   * @param directory belongs to this witness alone
   * @param create true on the very first start, and only then; the directory is made if need be
   * @throws WitnessMemoryException when the votes are missing, damaged or in use, or there although
   *     this is the first start
   */
  public static Witness open(Path directory, boolean create) throws WitnessMemoryException {
    VoteStore store;
    try {
      store = VoteStore.open(directory, create);
    } catch (IOException e) {
      throw new WitnessMemoryException(e);
    }
    log.info(
        "witness {} votes for pairs {} from {}",
        Long.toHexString(store.id()),
        store.votes().keySet(),
        directory);
    return new Witness(store);
  }

  /** Its gRPC service. */
  public BindableService service() {
    return edge;
  }

  private void lookIn(long delayNanos) {
    try {
      clock.schedule(() -> lookIn(room.look(System.nanoTime())), delayNanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("the witness stops");
    }
  }

  /**
   * Ends the watches and the voting and gives the directory back; call it before the server waits
   * for its calls. Blocks for at most two seconds; a second call does nothing.
   */
  @Override
  public void close() {
    edge.close();
    clock.shutdownNow();
    try {
      desk.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
