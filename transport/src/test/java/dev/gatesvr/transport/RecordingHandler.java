package dev.gatesvr.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Remembers everything that happens on one connection, for a test on another thread. */
public class RecordingHandler<I> implements ConnectionHandler<I> {
  private static final int FRAMES_MAX = 100_000;
  private static final long WAIT_SECONDS = 10;

  private final BlockingQueue<I> frames = new ArrayBlockingQueue<>(FRAMES_MAX);
  private final List<FrameFault> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger writable = new AtomicInteger();
  private final AtomicInteger closedCalls = new AtomicInteger();
  private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();

  @Override
  public void onFrame(I frame, long receivedNanos) {
    if (closedCalls.get() > 0) {
      throw new IllegalStateException("a frame after the end");
    }
    frames.add(frame);
  }

  @Override
  public void onFault(FrameFault fault) {
    faults.add(fault);
  }

  @Override
  public void onWritable() {
    writable.incrementAndGet();
  }

  @Override
  public void onClosed(CloseReason reason) {
    closedCalls.incrementAndGet();
    closed.complete(reason);
  }

  /** The next frame, waiting for it. */
  public I nextFrame() throws InterruptedException {
    I frame = frames.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    if (frame == null) {
      throw new AssertionError("no frame within " + WAIT_SECONDS + " s, faults " + faults);
    }
    return frame;
  }

  /** Every frame that is there now. */
  public List<I> drain() {
    List<I> all = new ArrayList<>();
    frames.drainTo(all);
    return all;
  }

  /** The faults so far. */
  public List<FrameFault> faults() {
    return List.copyOf(faults);
  }

  /** How often it was told to go on. */
  public int writableCalls() {
    return writable.get();
  }

  /** How often it was told of the end. */
  public int closedCalls() {
    return closedCalls.get();
  }

  /** The end, waiting for it. */
  public CloseReason awaitClosed() {
    return closed.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** True once ended. */
  public boolean isClosed() {
    return closed.isDone();
  }
}
