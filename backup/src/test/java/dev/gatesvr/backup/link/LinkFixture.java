package dev.gatesvr.backup.link;

import dev.gatesvr.proto.LogAck;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairRole;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Two loops, one of each gateway, and what is made on them; closed in reverse. */
final class LinkFixture implements AutoCloseable {
  static final LinkTimes TIMES =
      new LinkTimes(
          Duration.ofMillis(20),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofMillis(10),
          Duration.ofMillis(100));

  final Recorder a = new Recorder();
  final Recorder b = new Recorder();
  private final MultiThreadIoEventLoopGroup loops;
  final EventLoop loopA;
  final EventLoop loopB;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  LinkFixture() {
    this(Epoll.isAvailable());
  }

  LinkFixture(boolean epoll) {
    loops =
        new MultiThreadIoEventLoopGroup(
            2, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    loopA = loops.next();
    loopB = loops.next();
  }

  static LinkIdentity identity(String serverId) {
    return LinkIdentity.of("pair", serverId, serverId + "#1", serverId + ".example:4433");
  }

  LinkSettings settings(EventLoop loop, LinkIdentity identity) {
    return settings(loop, identity, LinkSecurity.privateNetwork());
  }

  LinkSettings settings(EventLoop loop, LinkIdentity identity, LinkSecurity security) {
    return settings(loop, identity, security, TIMES);
  }

  LinkSettings settings(
      EventLoop loop, LinkIdentity identity, LinkSecurity security, LinkTimes times) {
    return LinkSettings.of(
        loop,
        identity,
        security,
        times,
        () -> PairBeat.newBuilder().setRole(PairRole.PAIR_STANDBY).build());
  }

  /** A listens as server id "a". */
  InetSocketAddress listen() throws IOException {
    return listen(settings(loopA, identity("a")));
  }

  InetSocketAddress listen(LinkSettings settings) throws IOException {
    return server(settings).addresses().getFirst();
  }

  LinkServer server(LinkSettings settings) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    LinkServer server = LinkServer.bind(List.of(any), settings, a);
    open.push(() -> server.close("test over").get(10, TimeUnit.SECONDS));
    return server;
  }

  /** B dials as server id "b". */
  LinkDialler dial(InetSocketAddress... addresses) {
    return dial(settings(loopB, identity("b")), addresses);
  }

  LinkDialler dial(LinkSettings settings, InetSocketAddress... addresses) {
    LinkDialler dialler = LinkDialler.start(List.of(addresses), settings, b);
    open.push(() -> dialler.close("test over").get(10, TimeUnit.SECONDS));
    return dialler;
  }

  <C extends AutoCloseable> C closing(C closeable) {
    open.push(closeable);
    return closeable;
  }

  <T> T on(EventLoop loop, Callable<T> call) throws Exception {
    return loop.submit(call).get(10, TimeUnit.SECONDS);
  }

  static PairFrame frame(long lsn) {
    return PairFrame.newBuilder().setAck(LogAck.newBuilder().setLsn(lsn)).build();
  }

  @Override
  public void close() {
    try {
      while (!open.isEmpty()) {
        open.pop().close();
      }
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("closing failed", e);
    }
  }
}
