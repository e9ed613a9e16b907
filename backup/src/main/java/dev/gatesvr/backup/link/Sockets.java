package dev.gatesvr.backup.link;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** Sockets of the kind that a loop can serve. */
final class Sockets {
  private Sockets() {}

  static Class<? extends ServerSocketChannel> listening(EventLoop loop) {
    return epoll(loop) ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  static Class<? extends SocketChannel> connecting(EventLoop loop) {
    return epoll(loop) ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  private static boolean epoll(EventLoop loop) {
    return loop instanceof IoEventLoop io && io.isIoType(EpollIoHandler.class);
  }

  /** Options of every link: a beat must not wait for an acknowledgement. */
  static void configure(SocketChannel channel, LinkSettings settings) {
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    channel
        .config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(
                settings.writeBufferBytesMax() / 2, settings.writeBufferBytesMax()));
  }
}
