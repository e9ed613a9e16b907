package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The dialling end: one link with the other gateway, made again and again until closed.
 *
 * <p>One attempt at a time; after a failure the next address has its turn. A link that was up for
 * {@link LinkTimes#redialMax} is dialled again at once, for a dead process is refused, which is
 * news; otherwise the waits grow as {@link LinkTimes} says.
 *
 * <p>{@link #start} and {@link #close} are thread-safe; all else is confined to the pair's loop.
 */
public final class LinkDialler {
  private static final int DOUBLINGS_MAX = 30;

  private final List<InetSocketAddress> addresses;
  private final LinkSettings settings;
  private final LinkHandler handler;
  private final Complaints complaints = new Complaints("cannot reach the other of the pair at");
  private final SplittableRandom random = new SplittableRandom();

  private int turn;
  private int failures;

  /** Counts up when an attempt is over, so that a late answer to an older one is told apart. */
  private long attempt;

  private long upSinceNanos;
  private @Nullable Future<?> timer;
  private @Nullable Channel connecting;
  private @Nullable LinkConnection connection;
  private boolean closed;

  private LinkDialler(
      List<InetSocketAddress> addresses, LinkSettings settings, LinkHandler handler) {
    this.addresses = List.copyOf(addresses);
    this.settings = settings;
    this.handler = handler;
    if (this.addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses: none (expected: where the other listens)");
    }
  }

  /**
   * Begins to dial.
   *
   * @param addresses where the other listens; an unresolved one is looked up at every attempt
   */
  public static LinkDialler start(
      List<InetSocketAddress> addresses, LinkSettings settings, LinkHandler handler) {
    LinkDialler dialler = new LinkDialler(addresses, settings, handler);
    settings.loop().execute(dialler::dial);
    return dialler;
  }

  /**
   * Says goodbye, closes the link and dials no more.
   *
   * @param reason what the other logs
   * @return completes when the socket is closed, on the loop
   */
  public CompletableFuture<Void> close(String reason) {
    return Closing.on(settings.loop(), () -> closeAll(reason));
  }

  private List<Channel> closeAll(String reason) {
    closed = true;
    cancelTimer();
    if (connection != null) {
      Channel closing = connection.channel();
      connection.endWithGoodbye(LinkEnd.LOCAL, reason);
      return List.of(closing);
    }
    if (connecting != null) {
      // Closing ends the attempt, which forgets the socket.
      Channel closing = connecting;
      closing.close();
      return List.of(closing);
    }
    return List.of();
  }

  // ---------------------------------------------------------------- dialling

  private void dial() {
    timer = null;
    if (closed) {
      return;
    }
    InetSocketAddress address = addresses.get(turn % addresses.size());
    if (address.isUnresolved()) {
      lookUp(address, attempt);
    } else {
      connect(address, address);
    }
  }

  /** Looking a name up blocks, so it has a thread of its own. */
  private void lookUp(InetSocketAddress address, long mine) {
    long limit = settings.times().connect().toNanos();
    timer =
        settings
            .loop()
            .schedule(
                () -> failed(address, LinkEnd.UNREACHABLE, "the look-up took too long"),
                limit,
                TimeUnit.NANOSECONDS);
    Thread.ofVirtual()
        .name("pair-look-up")
        .start(
            () -> {
              try {
                InetAddress found = InetAddress.getByName(address.getHostString());
                onLoop(
                    mine, () -> connect(address, new InetSocketAddress(found, address.getPort())));
              } catch (UnknownHostException e) {
                onLoop(mine, () -> failed(address, LinkEnd.UNREACHABLE, "unknown host"));
              }
            });
  }

  private void onLoop(long mine, Runnable answer) {
    try {
      settings
          .loop()
          .execute(
              () -> {
                if (!closed && attempt == mine) {
                  cancelTimer();
                  answer.run();
                }
              });
    } catch (RejectedExecutionException e) {
      // The loop ended meanwhile, and the dialler with it.
    }
  }

  private void connect(InetSocketAddress address, InetSocketAddress resolved) {
    ChannelFuture connected =
        new Bootstrap()
            .group(settings.loop())
            .channel(Sockets.connecting(settings.loop()))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                Math.toIntExact(Math.max(1, settings.times().connect().toMillis())))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    LinkConnection.onto(
                        channel, settings, LinkConnection.Side.DIALLER, new Owner(address));
                  }
                })
            .connect(resolved);
    connecting = connected.channel();
    connected.addListener(
        done -> {
          connecting = null;
          if (done.isSuccess()) {
            connection = connected.channel().pipeline().get(LinkConnection.class);
          } else if (!closed) {
            Throwable cause = done.cause();
            failed(address, Failures.endOfConnect(cause), Failures.reasonOf(cause));
          }
        });
  }

  // ---------------------------------------------------------------- again

  private void failed(InetSocketAddress address, LinkEnd end, String reason) {
    if (closed) {
      return;
    }
    complaints.say(Failures.printable(address), end, reason);
    turn++;
    again();
    handler.onDialFailed(address, end, reason);
  }

  private void again() {
    attempt++;
    long base =
        Math.min(
            settings.times().redialMin().toNanos() << Math.min(failures, DOUBLINGS_MAX),
            settings.times().redialMax().toNanos());
    failures++;
    long wait = base - random.nextLong(base / 2 + 1);
    timer = settings.loop().schedule(this::dial, wait, TimeUnit.NANOSECONDS);
  }

  private void lost() {
    boolean lasted = System.nanoTime() - upSinceNanos >= settings.times().redialMax().toNanos();
    if (lasted) {
      failures = 0;
      timer = settings.loop().schedule(this::dial, 0, TimeUnit.NANOSECONDS);
    } else {
      again();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** What the connection reports. */
  private final class Owner implements LinkConnection.Owner {
    private final InetSocketAddress address;

    Owner(InetSocketAddress address) {
      this.address = address;
    }

    @Override
    public String refusalOf(PairHello peer) {
      return "";
    }

    @Override
    public void up(LinkConnection connection) {
      upSinceNanos = System.nanoTime();
      handler.onUp(connection, connection.peer().hello());
    }

    @Override
    public void frame(LinkConnection connection, PairFrame frame) {
      handler.onFrame(connection, frame);
    }

    @Override
    public void writable(LinkConnection connection) {
      handler.onWritable(connection);
    }

    @Override
    public void ended(LinkConnection ended, boolean wasUp, LinkEnd end, String reason) {
      connection = null;
      if (!wasUp) {
        failed(address, end, reason);
        return;
      }
      if (!closed) {
        lost();
      }
      handler.onDown(ended, end, reason);
    }
  }
}
