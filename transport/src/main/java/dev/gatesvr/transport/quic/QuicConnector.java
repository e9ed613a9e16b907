package dev.gatesvr.transport.quic;

import com.google.protobuf.Parser;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Connects to servers with QUIC, any number of connections over a few UDP sockets. Thread-safe.
 *
 * <p>Connections take the sockets in turn, and live on the loop of their socket.
 */
public final class QuicConnector {
  private final QuicClientConfig config;
  private final IoLoops loops;
  private final TransportObserver observer;
  private final List<Channel> sockets;
  private final Set<QuicChannel> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();

  private QuicConnector(
      QuicClientConfig config, IoLoops loops, TransportObserver observer, List<Channel> sockets) {
    this.config = config;
    this.loops = loops;
    this.observer = observer;
    this.sockets = sockets;
  }

  /** Binds the sockets; waits for them, so not on a loop. */
  public static QuicConnector open(
      QuicClientConfig config, IoLoops loops, TransportObserver observer) throws IOException {
    ClientCodecs codecs = new ClientCodecs(config);
    UdpSockets udp = new UdpSockets(loops, ClientCodecs.SOCKET_BUFFER_BYTES);
    List<Channel> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < config.socketsPerLoop() * loops.size(); i++) {
        sockets.add(
            udp.bind(
                loops.loop(i % loops.size()), new InetSocketAddress(0), false, codecs.socket()));
      }
    } catch (IOException | RuntimeException e) {
      Closing.sockets(sockets).join();
      throw e;
    }
    return new QuicConnector(config, loops, observer, List.copyOf(sockets));
  }

  /**
   * Connects and opens the stream.
   *
   * @param server the resolved address
   * @param acceptor called on the connection's loop before the stage completes
   * @param parser of the messages that the server sends
   * @return completes on the connection's loop; exceptionally with an {@link IOException} that
   *     names the server and what went wrong
   */
  public <I> CompletionStage<Connection> connect(
      InetSocketAddress server, ConnectionAcceptor<I> acceptor, Parser<I> parser) {
    int index = Math.floorMod(next.getAndIncrement(), sockets.size());
    return connect(sockets.get(index), server, acceptor, parser);
  }

  /**
   * The same on one loop, for a caller whose state lives there.
   *
   * @param loopIndex which of the loops
   */
  public <I> CompletionStage<Connection> connect(
      InetSocketAddress server, int loopIndex, ConnectionAcceptor<I> acceptor, Parser<I> parser) {
    int turn = Math.floorMod(next.getAndIncrement(), config.socketsPerLoop());
    return connect(sockets.get(loopIndex + turn * loops.size()), server, acceptor, parser);
  }

  private <I> CompletionStage<Connection> connect(
      Channel socket, InetSocketAddress server, ConnectionAcceptor<I> acceptor, Parser<I> parser) {
    CompletableFuture<Connection> result = new CompletableFuture<>();
    if (server.isUnresolved()) {
      result.completeExceptionally(new IOException(server + ": unknown host"));
      return result;
    }
    ConnectingHandler<I> handler =
        new ConnectingHandler<>(new QuicAttachment.Wiring<>(loops, acceptor, parser, observer));
    int timeoutMillis = Math.toIntExact(config.connectTimeout().toMillis());
    QuicChannel.newBootstrap(socket)
        .handler(handler)
        .streamHandler(unexpectedStream())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
        .remoteAddress(server)
        .connect()
        .addListener(
            connected -> {
              if (connected.isSuccess()) {
                openStream((QuicChannel) connected.getNow(), handler, result);
              } else {
                fail(server, handler.moreExact(connected.cause()), result);
              }
            });
    return result;
  }

  /** The transport parameters allow the server no stream: the codec never gets here. */
  private static ChannelHandler unexpectedStream() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel stream) {
        throw new IllegalStateException("stream: " + stream + " (expected: none from a server)");
      }
    };
  }

  private <I> void openStream(
      QuicChannel channel, ConnectingHandler<I> handler, CompletableFuture<Connection> result) {
    open.add(channel);
    channel.closeFuture().addListener(closed -> open.remove(channel));
    QuicAttachment<I> attachment = handler.attachment();
    InetSocketAddress server = (InetSocketAddress) channel.remoteSocketAddress();
    channel
        .createStream(QuicStreamType.BIDIRECTIONAL, streamInitializer(attachment))
        .addListener(
            created -> {
              Connection connection = attachment.connection();
              if (created.isSuccess() && connection != null) {
                result.complete(connection);
              } else {
                attachment.close(CloseCode.INTERNAL);
                fail(server, created.cause(), result);
              }
            });
  }

  private static ChannelHandler streamInitializer(QuicAttachment<?> attachment) {
    return new ChannelInitializer<QuicStreamChannel>() {
      @Override
      protected void initChannel(QuicStreamChannel stream) {
        attachment.attachTo(stream);
      }
    };
  }

  private static void fail(
      InetSocketAddress server, Throwable cause, CompletableFuture<Connection> result) {
    result.completeExceptionally(
        new IOException("cannot connect to " + server + " with QUIC: " + cause, cause));
  }

  /** Closes the connections that are left with NORMAL, without lingering, and the sockets. */
  public CompletionStage<Void> close() {
    return Closing.all(open, CloseCode.NORMAL, sockets);
  }
}
