package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.CloseCode;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Which connections a listener has, and whether it takes more. Thread-safe; one per listener. */
final class ConnectionGate {
  /**
   * Connections above the maximum that still get a handshake, so that they can be told why they are
   * refused. Beyond these they are dropped unheard.
   */
  private static final int REFUSALS_MAX = 1_024;

  private final int connectionsMax;
  private final int unfinishedMax;
  private final Set<QuicChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger unfinished = new AtomicInteger();
  private volatile boolean accepting = true;

  ConnectionGate(int connectionsMax, int unfinishedMax) {
    this.connectionsMax = connectionsMax;
    this.unfinishedMax = unfinishedMax;
  }

  /** A handshake began; false when it shall be dropped. {@link #ended} follows either way. */
  boolean began(QuicChannel channel) {
    open.add(channel);
    unfinished.incrementAndGet();
    return opened.incrementAndGet() <= (long) connectionsMax + REFUSALS_MAX;
  }

  /** A handshake was finished; returns why the connection is refused, or null. */
  @Nullable CloseCode finished() {
    unfinished.decrementAndGet();
    if (!accepting) {
      return CloseCode.GOING_AWAY;
    }
    return opened.get() > connectionsMax ? CloseCode.OVERLOADED : null;
  }

  /** A connection is gone, its handshake finished or not. */
  void ended(QuicChannel channel, boolean handshakeFinished) {
    open.remove(channel);
    opened.decrementAndGet();
    if (!handshakeFinished) {
      unfinished.decrementAndGet();
    }
  }

  /** True while more handshakes are unfinished than the configuration calls normal. */
  boolean underLoad() {
    return unfinished.get() > unfinishedMax;
  }

  void stopAccepting() {
    accepting = false;
  }

  /** The connections at this moment. */
  List<QuicChannel> connections() {
    return List.copyOf(open);
  }
}
