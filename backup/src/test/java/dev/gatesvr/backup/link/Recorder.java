package dev.gatesvr.backup.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps what happened on the links of one side; beats apart. */
final class Recorder implements LinkAcceptor {
  sealed interface Event {}

  record Up(PairLink link, PairHello peer) implements Event {}

  record Frame(PairLink link, PairFrame frame) implements Event {}

  record Writable(PairLink link) implements Event {}

  record Down(PairLink link, LinkEnd end, String reason) implements Event {}

  record DialFailed(InetSocketAddress address, LinkEnd end, String reason) implements Event {}

  private static final long PATIENCE_SECONDS = 10;

  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<PairFrame> beats = new LinkedBlockingQueue<>();
  volatile boolean failing;
  volatile String refusal = "";

  <E extends Event> E await(Class<E> type) {
    Event event = take(events);
    assertThat(event).isInstanceOf(type);
    return type.cast(event);
  }

  /** The next event of the type, whatever comes before. */
  <E extends Event> E awaitLater(Class<E> type) {
    Event event = take(events);
    while (!type.isInstance(event)) {
      event = take(events);
    }
    return type.cast(event);
  }

  PairFrame awaitBeat() {
    return take(beats);
  }

  @Nullable Event poll() {
    return events.poll();
  }

  private static <T> T take(BlockingQueue<T> queue) {
    try {
      T taken = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (taken == null) {
        throw new AssertionError("nothing happened for " + PATIENCE_SECONDS + " s");
      }
      return taken;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String refusalOf(PairHello peer) {
    return refusal;
  }

  @Override
  public void onUp(PairLink link, PairHello peer) {
    events.add(new Up(link, peer));
  }

  @Override
  public void onFrame(PairLink link, PairFrame frame) {
    if (failing) {
      throw new IllegalStateException("a handler that fails");
    }
    if (frame.hasBeat()) {
      beats.add(frame);
    } else {
      events.add(new Frame(link, frame));
    }
  }

  @Override
  public void onWritable(PairLink link) {
    events.add(new Writable(link));
  }

  @Override
  public void onDown(PairLink link, LinkEnd end, String reason) {
    events.add(new Down(link, end, reason));
  }

  @Override
  public void onDialFailed(InetSocketAddress address, LinkEnd end, String reason) {
    events.add(new DialFailed(address, end, reason));
  }
}
