package dev.gatesvr.gateway.metrics;

import dev.gatesvr.transport.TransportObserver;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * Counts frames and bytes in one cell per event loop thread, so that loops never share a cache
 * line. A cell is made at a thread's first frame and kept for good, because its counts must be:
 * there are as many as there are loops, which is fixed when the gateway starts.
 */
final class LoopObserver implements TransportObserver {
  private final List<Cell> cells = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<Cell> mine =
      new FastThreadLocal<>() {
        @Override
        protected Cell initialValue() {
          Cell cell = new Cell();
          cells.add(cell);
          return cell;
        }
      };

  @Override
  public void frameReceived(int bytes, long parseNanos) {
    mine.get().received(bytes, parseNanos);
  }

  @Override
  public void frameSent(int bytes, long encodeNanos) {
    mine.get().sent(bytes, encodeNanos);
  }

  long framesReceived() {
    return sum(cell -> cell.framesReceived.getAcquire());
  }

  long framesSent() {
    return sum(cell -> cell.framesSent.getAcquire());
  }

  long bytesReceived() {
    return sum(cell -> cell.bytesReceived.getAcquire());
  }

  long bytesSent() {
    return sum(cell -> cell.bytesSent.getAcquire());
  }

  List<LatencyRecorder> parseRecorders() {
    return cells.stream().map(cell -> cell.parse).toList();
  }

  List<LatencyRecorder> encodeRecorders() {
    return cells.stream().map(cell -> cell.encode).toList();
  }

  private long sum(ToLongFunction<Cell> count) {
    return cells.stream().mapToLong(count).sum();
  }

  /** Written by its own thread only, hence the plain loads. */
  private static final class Cell {
    private final LatencyRecorder parse = new LatencyRecorder();
    private final LatencyRecorder encode = new LatencyRecorder();
    private final AtomicLong framesReceived = new AtomicLong();
    private final AtomicLong framesSent = new AtomicLong();
    private final AtomicLong bytesReceived = new AtomicLong();
    private final AtomicLong bytesSent = new AtomicLong();

    void received(int bytes, long parseNanos) {
      parse.record(parseNanos);
      add(framesReceived, 1);
      add(bytesReceived, bytes);
    }

    void sent(int bytes, long encodeNanos) {
      encode.record(encodeNanos);
      add(framesSent, 1);
      add(bytesSent, bytes);
    }

    private static void add(AtomicLong counter, long amount) {
      counter.setRelease(counter.getPlain() + amount);
    }
  }
}
