package dev.gatesvr.gateway.cuts;

import com.google.protobuf.MessageLite;
import dev.gatesvr.client.Dialer;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One player's way through a dialer that all share, whose connections can be cut. Thread-safe. */
final class CuttableDialer implements Dialer {
  private final Dialer shared;
  private volatile @Nullable Line newest;

  CuttableDialer(Dialer shared) {
    this.shared = shared;
  }

  @Override
  public ScheduledExecutorService nextLoop() {
    return shared.nextLoop();
  }

  @Override
  public CompletionStage<Connection> dial(
      InetSocketAddress server,
      ScheduledExecutorService loop,
      ConnectionAcceptor<ServerPush> acceptor) {
    Line line = new Line(acceptor, loop);
    newest = line;
    return shared.dial(server, loop, line);
  }

  /** Cuts the newest connection; the client learns of it after the delay. */
  void cut(Cut cut, int delayMillis) {
    Line line = newest;
    if (line != null) {
      line.loop.execute(() -> line.cut(cut, delayMillis));
    }
  }

  /** The dialer that is shared goes on. */
  @Override
  public void close() {}

  /** A connection with a knife in it. Confined to its loop. */
  private static final class Line
      implements ConnectionAcceptor<ServerPush>, ConnectionHandler<ServerPush>, Connection {
    private final ConnectionAcceptor<ServerPush> acceptor;
    private final ScheduledExecutorService loop;
    private @Nullable Connection real;
    private @Nullable ConnectionHandler<ServerPush> client;
    private boolean severed;
    private boolean over;

    Line(ConnectionAcceptor<ServerPush> acceptor, ScheduledExecutorService loop) {
      this.acceptor = acceptor;
      this.loop = loop;
    }

    private Connection real() {
      if (real == null) {
        throw new IllegalStateException("not open");
      }
      return real;
    }

    void cut(Cut cut, int delayMillis) {
      if (real == null || severed || over) {
        return;
      }
      severed = true;
      real.reading(true);
      if (cut == Cut.GATEWAY_FIRST) {
        real.close(CloseCode.NORMAL);
      }
      CloseReason lost = new CloseReason(CloseCode.CONNECTION_LOST, false, "cut: " + cut);
      if (cut == Cut.FORGOTTEN) {
        end(lost);
      } else {
        var unused = loop.schedule(() -> end(lost), delayMillis, TimeUnit.MILLISECONDS);
      }
    }

    private void end(CloseReason reason) {
      if (!over && client != null) {
        over = true;
        client.onClosed(reason);
      }
    }

    // -------------------------------------------------------------- from the transport

    @Override
    public ConnectionHandler<ServerPush> onOpen(Connection opened) {
      real = opened;
      client = acceptor.onOpen(this);
      return this;
    }

    @Override
    public void onFrame(ServerPush frame, long receivedNanos) {
      if (!severed && client != null) {
        client.onFrame(frame, receivedNanos);
      }
    }

    @Override
    public void onFault(FrameFault fault) {
      if (!severed && client != null) {
        client.onFault(fault);
      } else {
        real().close(fault.closeCode());
      }
    }

    @Override
    public void onWritable() {
      if (!severed && client != null) {
        client.onWritable();
      }
    }

    @Override
    public void onClosed(CloseReason reason) {
      if (!severed) {
        end(reason);
      }
    }

    // -------------------------------------------------------------- from the client

    @Override
    public SendResult send(MessageLite message) {
      if (over) {
        return SendResult.CLOSED;
      }
      return severed ? SendResult.SENT : real().send(message);
    }

    @Override
    public void reading(boolean enabled) {
      // A line that was cut must go on reading: the gateway's close comes behind what is unread.
      real().reading(enabled || severed);
    }

    @Override
    public void close(CloseCode code) {
      if (!severed) {
        real().close(code);
      } else {
        end(new CloseReason(code, false, "closed after a cut"));
      }
    }

    @Override
    public boolean writable() {
      return !over && (severed || real().writable());
    }

    @Override
    public long id() {
      return real().id();
    }

    @Override
    public String transport() {
      return real().transport();
    }

    @Override
    public SocketAddress remoteAddress() {
      return real().remoteAddress();
    }

    @Override
    public Executor loop() {
      return loop;
    }

    @Override
    public boolean onLoop() {
      return real().onLoop();
    }
  }
}
