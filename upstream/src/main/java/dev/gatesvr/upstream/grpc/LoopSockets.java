package dev.gatesvr.upstream.grpc;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The socket classes that fit an event loop somebody else made. */
public final class LoopSockets {
  private LoopSockets() {}

  /** The I/O of a new event loop: epoll where it works, else NIO. */
  public static IoHandlerFactory newIo() {
    return Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
  }

  /** True when the loops use epoll. */
  static boolean isEpoll(EventLoopGroup loops) {
    return loops instanceof IoEventLoopGroup io && io.isIoType(EpollIoHandler.class);
  }

  /** The client socket for a loop. */
  public static Class<? extends Channel> clientType(EventLoopGroup loops) {
    if (isEpoll(loops)) {
      return EpollSocketChannel.class;
    }
    requireNio(loops);
    return NioSocketChannel.class;
  }

  /** The listening socket for a group of loops. */
  public static Class<? extends ServerChannel> serverType(EventLoopGroup loops) {
    if (isEpoll(loops)) {
      return EpollServerSocketChannel.class;
    }
    requireNio(loops);
    return NioServerSocketChannel.class;
  }

  private static void requireNio(EventLoopGroup loops) {
    if (!(loops instanceof IoEventLoopGroup io && io.isIoType(NioIoHandler.class))) {
      throw new IllegalArgumentException("event loop: " + loops + " (expected: epoll or NIO)");
    }
  }
}
