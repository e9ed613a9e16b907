package dev.gatesvr.transport.loop;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;

/**
 * The event loops of a process, addressable by index. Thread-safe; {@link #open} and {@link #close}
 * wait for threads and must not be called on a loop.
 *
 * <p>Loop {@code i} runs on the thread {@code io-i} for its whole life.
 */
public final class IoLoops implements AutoCloseable {
  /** How the loops wait for the network. */
  public enum Kind {
    /** Linux epoll: recvmmsg, sendmmsg and SO_REUSEPORT. */
    EPOLL,
    /** The JDK's selectors, wherever epoll is missing. */
    NIO
  }

  /** More loops than this is a mistake in a configuration, not a machine. */
  private static final int LOOPS_MAX = 256;

  private static final long SHUTDOWN_QUIET_MILLIS = 0;
  private static final long SHUTDOWN_TIMEOUT_MILLIS = 5_000;

  private final Kind kind;
  private final EventLoopGroup group;
  private final List<EventLoop> loops;
  private final AtomicLong connections = new AtomicLong();

  private IoLoops(Kind kind, EventLoopGroup group) {
    this.kind = kind;
    this.group = group;
    this.loops =
        StreamSupport.<EventExecutor>stream(group.spliterator(), false)
            .map(EventLoop.class::cast)
            .toList();
  }

  /** Starts {@code size} loops of the best kind this machine has. */
  public static IoLoops open(int size) {
    return open(size, Epoll.isAvailable() ? Kind.EPOLL : Kind.NIO);
  }

  /**
   * Starts {@code size} loops of one kind.
   *
   * @throws IllegalStateException if this machine does not have that kind
   */
  public static IoLoops open(int size, Kind kind) {
    if (size < 1 || size > LOOPS_MAX) {
      throw new IllegalArgumentException("loops: " + size + " (expected: 1 to " + LOOPS_MAX + ")");
    }
    if (kind == Kind.EPOLL && !Epoll.isAvailable()) {
      throw new IllegalStateException("epoll is not available", Epoll.unavailabilityCause());
    }
    IoHandlerFactory handlers =
        kind == Kind.EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    IoLoops opened =
        new IoLoops(kind, new MultiThreadIoEventLoopGroup(size, named("io-"), handlers));
    opened.startInOrder();
    return opened;
  }

  /** Names threads in the order in which they start, which {@link #startInOrder} makes theirs. */
  private static ThreadFactory named(String prefix) {
    AtomicInteger next = new AtomicInteger();
    return task -> new FastThreadLocalThread(task, prefix + next.getAndIncrement());
  }

  private void startInOrder() {
    for (EventLoop loop : loops) {
      loop.submit(() -> {}).syncUninterruptibly();
    }
  }

  /** Which kind of loop was chosen. */
  public Kind kind() {
    return kind;
  }

  /** How many loops there are. */
  public int size() {
    return loops.size();
  }

  /** Loop {@code index}, from 0. */
  public EventLoop loop(int index) {
    return loops.get(index);
  }

  /** All loops, for code that takes whichever comes next. */
  public EventLoopGroup group() {
    return group;
  }

  /**
   * The index of a loop, such as the one of {@code Connection.loop()}.
   *
   * @throws IllegalArgumentException if it is not one of these loops
   */
  public int indexOf(Executor loop) {
    for (int index = 0; index < loops.size(); index++) {
      if (loops.get(index).equals(loop)) {
        return index;
      }
    }
    throw new IllegalArgumentException("loop: " + loop + " (expected: one of these loops)");
  }

  /** The next connection id, from 1: unique over every transport on these loops. */
  public long nextConnectionId() {
    return connections.incrementAndGet();
  }

  /** The UDP socket of this kind. */
  public Class<? extends DatagramChannel> datagramChannel() {
    return kind == Kind.EPOLL ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  /** The listening TCP socket of this kind. */
  public Class<? extends ServerSocketChannel> serverSocketChannel() {
    return kind == Kind.EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /** The connected TCP socket of this kind. */
  public Class<? extends SocketChannel> socketChannel() {
    return kind == Kind.EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  /** Closes what is left on the loops and ends their threads; waits for at most five seconds. */
  @Override
  public void close() {
    group
        .shutdownGracefully(SHUTDOWN_QUIET_MILLIS, SHUTDOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(SHUTDOWN_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
