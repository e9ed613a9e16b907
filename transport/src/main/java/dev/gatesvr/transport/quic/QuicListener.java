package dev.gatesvr.transport.quic;

import com.google.protobuf.Parser;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.Listener;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A UDP port that players reach with QUIC: one socket per loop where the kernel can spread a port
 * over sockets, else one. Thread-safe.
 */
public final class QuicListener implements Listener {
  private final ConnectionGate gate;
  private final List<Channel> sockets;

  private QuicListener(ConnectionGate gate, List<Channel> sockets) {
    this.gate = gate;
    this.sockets = sockets;
  }

  /**
   * Binds the port; waits for the sockets, so not on a loop.
   *
   * @param acceptor called on the connection's loop when its stream opens
   * @param parser of the messages that clients send
   * @throws IOException if the port is taken or the address is not this machine's
   */
  public static <I> QuicListener bind(
      QuicListenerConfig config,
      IoLoops loops,
      ConnectionAcceptor<I> acceptor,
      Parser<I> parser,
      TransportObserver observer)
      throws IOException {
    ConnectionGate gate =
        new ConnectionGate(config.connectionsMax(), config.unfinishedHandshakesMax());
    ServerCodecs<I> codecs =
        new ServerCodecs<>(
            config, gate, new QuicAttachment.Wiring<>(loops, acceptor, parser, observer));
    UdpSockets udp = new UdpSockets(loops, config.socketBufferBytes());
    List<Channel> sockets = new ArrayList<>();
    try {
      if (loops.size() == 1 || !udp.canSharePort()) {
        sockets.add(udp.bind(loops.loop(0), config.address(), false, codecs.alone()));
      } else {
        bindShared(config.address(), loops, udp, codecs, sockets);
      }
    } catch (IOException | RuntimeException e) {
      Closing.sockets(sockets).join();
      throw e;
    }
    return new QuicListener(gate, List.copyOf(sockets));
  }

  private static void bindShared(
      InetSocketAddress address,
      IoLoops loops,
      UdpSockets udp,
      ServerCodecs<?> codecs,
      List<Channel> sockets)
      throws IOException {
    InetSocketAddress next = address;
    for (int index = 0; index < loops.size(); index++) {
      Channel socket = udp.bind(loops.loop(index), next, true, codecs.shared());
      sockets.add(socket);
      // The first socket has found the port that the others share.
      next = (InetSocketAddress) socket.localAddress();
    }
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) sockets.getFirst().localAddress();
  }

  @Override
  public void stopAccepting() {
    gate.stopAccepting();
  }

  /** Connections that are left are closed with GOING_AWAY, without lingering. */
  @Override
  public CompletionStage<Void> close() {
    gate.stopAccepting();
    return Closing.all(gate.connections(), CloseCode.GOING_AWAY, sockets);
  }
}
