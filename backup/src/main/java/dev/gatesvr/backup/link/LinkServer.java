package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The accepting end: at most one link, with the other gateway of the pair.
 *
 * <p>A newer connection of the same node takes the place of the link, whether it comes from the
 * same process, whose old connection is half open then, or from the next. Another node is turned
 * away while there is a link. At most {@link #UNFINISHED_MAX} connections are without a hello, or
 * on their way out; a further one drops the oldest.
 *
 * <p>{@link #bind} and {@link #close} are thread-safe, {@code bind} not on the loop itself; all
 * else is confined to the pair's loop.
 */
public final class LinkServer {
  /** Connections that are not the link; each costs a socket and at most one frame of a hello. */
  static final int UNFINISHED_MAX = 32;

  private static final int BACKLOG = 64;

  private final LinkSettings settings;
  private final LinkAcceptor acceptor;
  private final Complaints complaints = new Complaints("a connection to the pair's link failed:");
  private final List<Channel> listening = new ArrayList<>();
  private final Set<LinkConnection> unfinished = new LinkedHashSet<>();
  private @Nullable LinkConnection link;
  private boolean closed;

  private LinkServer(LinkSettings settings, LinkAcceptor acceptor) {
    this.settings = settings;
    this.acceptor = acceptor;
  }

  /**
   * Listens on every address; the same one twice counts once. Waits for it.
   *
   * @throws IOException if one cannot be bound; the message names it
   * @throws IllegalStateException on the loop
   */
  public static LinkServer bind(
      List<InetSocketAddress> addresses, LinkSettings settings, LinkAcceptor acceptor)
      throws IOException {
    if (settings.loop().inEventLoop()) {
      throw new IllegalStateException("bind on the pair's loop (expected: another thread)");
    }
    LinkServer server = new LinkServer(settings, acceptor);
    for (InetSocketAddress address : addresses.stream().distinct().toList()) {
      ChannelFuture bound = server.bootstrap().bind(address).awaitUninterruptibly();
      if (!bound.isSuccess()) {
        server.listening.forEach(Channel::close);
        throw new IOException(
            "cannot listen on " + Failures.printable(address) + ": " + bound.cause().getMessage(),
            bound.cause());
      }
      server.listening.add(bound.channel());
    }
    return server;
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(settings.loop(), settings.loop())
        .channel(Sockets.listening(settings.loop()))
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                accept(channel);
              }
            });
  }

  /** Where it listens, in the order of {@link #bind}, with the ports that were given out. */
  public List<InetSocketAddress> addresses() {
    return listening.stream().map(c -> (InetSocketAddress) c.localAddress()).toList();
  }

  /** Connections that are not the link, on the loop. */
  int unfinished() {
    return unfinished.size();
  }

  private void accept(SocketChannel channel) {
    if (closed) {
      channel.close();
      return;
    }
    if (unfinished.size() >= UNFINISHED_MAX) {
      LinkConnection oldest = unfinished.iterator().next();
      oldest.end(LinkEnd.LOCAL, "too many connections without a hello");
      oldest.channel().close();
      unfinished.remove(oldest);
    }
    LinkConnection connection =
        LinkConnection.onto(channel, settings, LinkConnection.Side.LISTENER, new Owner());
    unfinished.add(connection);
    channel.closeFuture().addListener(over -> unfinished.remove(connection));
  }

  /**
   * Stops listening, says goodbye on the link and closes everything.
   *
   * @param reason what the other logs
   * @return completes when the sockets are closed, on the loop
   */
  public CompletableFuture<Void> close(String reason) {
    return Closing.on(settings.loop(), () -> closeAll(reason));
  }

  private List<Channel> closeAll(String reason) {
    closed = true;
    List<Channel> closing = new ArrayList<>(listening);
    listening.forEach(Channel::close);
    if (link != null) {
      closing.add(link.channel());
      link.endWithGoodbye(LinkEnd.LOCAL, reason);
    }
    for (LinkConnection connection : List.copyOf(unfinished)) {
      closing.add(connection.channel());
      connection.endWithGoodbye(LinkEnd.LOCAL, reason);
    }
    return closing;
  }

  /** What the connections report. */
  private final class Owner implements LinkConnection.Owner {
    @Override
    public String refusalOf(PairHello peer) {
      if (link != null && !link.peer().serverId().equals(peer.getServerId())) {
        return "backup.server_id: \"%s\" (expected: \"%s\", which is connected)"
            .formatted(peer.getServerId(), link.peer().serverId());
      }
      return acceptor.refusalOf(peer);
    }

    @Override
    public void up(LinkConnection connection) {
      if (link != null) {
        unfinished.add(link);
        link.endWithGoodbye(LinkEnd.LOCAL, "replaced by a newer connection");
      }
      unfinished.remove(connection);
      link = connection;
      acceptor.onUp(connection, connection.peer().hello());
    }

    @Override
    public void frame(LinkConnection connection, PairFrame frame) {
      acceptor.onFrame(connection, frame);
    }

    @Override
    public void writable(LinkConnection connection) {
      acceptor.onWritable(connection);
    }

    @Override
    public void ended(LinkConnection connection, boolean wasUp, LinkEnd end, String reason) {
      if (link == connection) {
        link = null;
      }
      if (wasUp) {
        acceptor.onDown(connection, end, reason);
      } else if (!closed) {
        complaints.say(connection.channel().remoteAddress(), end, reason);
      }
    }
  }
}
