package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import dev.gatesvr.proto.PairRefusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from its socket to its end, of either side.
 *
 * <pre>
 *  OPENING ---> GREETING ---> UP
 *     |            |           |
 *     '------------+-----------'--> ENDED
 * </pre>
 *
 * <p>Holds nothing of the other before its hello but at most one frame of {@link
 * LinkSettings#HELLO_BYTES_MAX}. Confined to the pair's loop.
 */
final class LinkConnection extends SimpleChannelInboundHandler<PairFrame> implements PairLink {
  /** Which hello comes first: the dialler's. */
  enum Side {
    DIALLER,
    LISTENER
  }

  private enum State {
    /** The TLS handshake, if there is one. */
    OPENING,
    /** Waiting for the other's hello. */
    GREETING,
    UP,
    ENDED
  }

  /** Whoever made the socket. */
  interface Owner {
    /** Why a peer with a hello without fault is turned away, or empty. */
    String refusalOf(PairHello peer);

    /** The connection is up; everything may be called on it. */
    void up(LinkConnection connection);

    void frame(LinkConnection connection, PairFrame frame);

    void writable(LinkConnection connection);

    /** The connection ended. Once, and for every connection. */
    void ended(LinkConnection connection, boolean wasUp, LinkEnd end, String reason);
  }

  private static final Logger LOG = LoggerFactory.getLogger(LinkConnection.class);

  /** So long the other may take to read a goodbye before the socket is closed over it. */
  private static final long GOODBYE_MILLIS = 200;

  /** Beats of a peer that reads nothing are left out above the write buffer and this. */
  private static final int BEAT_BYTES_MAX = 64 << 10;

  private static final String TLS_REQUIRED =
      "this link needs TLS (expected: backup.link the same on both nodes)";

  private final LinkSettings settings;
  private final Side side;
  private final Owner owner;
  private final SocketChannel channel;
  private final FrameReader reader;
  private final HeardHandler heard;

  private State state = State.OPENING;
  private @Nullable PeerInfo peer;
  private @Nullable Future<?> timer;
  private long beats;
  private long lastTickNanos;
  private boolean flushScheduled;

  private LinkConnection(LinkSettings settings, Side side, Owner owner, SocketChannel channel) {
    this.settings = settings;
    this.side = side;
    this.owner = owner;
    this.channel = channel;
    this.reader = new FrameReader();
    this.heard = new HeardHandler();
  }

  /** Fills the pipeline of a new socket. */
  static LinkConnection onto(SocketChannel channel, LinkSettings settings, Side side, Owner owner) {
    Sockets.configure(channel, settings);
    LinkConnection connection = new LinkConnection(settings, side, owner, channel);
    channel.pipeline().addLast(connection.heard);
    if (settings.security() instanceof LinkSecurity.MutualTls tls) {
      channel.pipeline().addLast(tls.handler(side, channel, settings));
    }
    channel.pipeline().addLast(connection.reader, connection);
    return connection;
  }

  Channel channel() {
    return channel;
  }

  // ---------------------------------------------------------------- opening

  @Override
  public void channelActive(ChannelHandlerContext context) {
    timer =
        channel
            .eventLoop()
            .schedule(this::tooSlow, settings.times().hello().toNanos(), TimeUnit.NANOSECONDS);
    if (settings.security() instanceof LinkSecurity.PrivateNetwork) {
      greet();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake && state == State.OPENING) {
      if (handshake.isSuccess()) {
        greet();
      } else {
        handshakeFailed(handshake.cause());
      }
    }
    super.userEventTriggered(context, event);
  }

  private void handshakeFailed(Throwable cause) {
    if (side == Side.LISTENER && cause instanceof NotSslRecordException) {
      // In the clear, below TLS, for somebody who speaks that.
      channel
          .pipeline()
          .context(heard)
          .writeAndFlush(Frames.encode(channel.alloc(), refusal(TLS_REQUIRED)));
    }
    end(LinkEnd.UNTRUSTED, Failures.reasonOf(cause));
  }

  private static PairFrame refusal(String reason) {
    return PairFrame.newBuilder().setRefusal(PairRefusal.newBuilder().setReason(reason)).build();
  }

  private void tooSlow() {
    end(LinkEnd.TIMEOUT, "no hello within " + settings.times().hello().toMillis() + " ms");
  }

  private void greet() {
    state = State.GREETING;
    if (side == Side.DIALLER) {
      sayHello();
    }
  }

  private void sayHello() {
    write(Hellos.of(settings.identity(), nextBeat()));
    channel.flush();
  }

  // ---------------------------------------------------------------- in

  @Override
  protected void channelRead0(ChannelHandlerContext context, PairFrame frame) {
    switch (state) {
      case GREETING -> first(frame);
      case UP -> next(frame);
      case OPENING -> throw new IllegalStateException("a frame while " + state);
      case ENDED -> {
        // It was on the way when this side ended the connection.
      }
    }
  }

  private void first(PairFrame frame) {
    if (frame.hasRefusal()) {
      end(LinkEnd.TURNED_AWAY, Failures.printable(frame.getRefusal().getReason()));
    } else if (frame.hasHello()) {
      judge(frame.getHello());
    } else {
      fault("first frame: " + frame.getBodyCase() + " (expected: HELLO)");
    }
  }

  private void judge(PairHello hello) {
    String refusal = Hellos.refusalOf(settings.identity(), hello);
    if (refusal.isEmpty()) {
      refusal = owner.refusalOf(hello);
    }
    if (!refusal.isEmpty()) {
      endWithGoodbye(LinkEnd.TURNED_AWAY, Failures.printable(refusal));
      return;
    }
    int version = Hellos.version(settings.identity(), hello);
    peer = new PeerInfo(hello, version, channel.remoteAddress());
    reader.framesUpTo(settings.frameBytesMax());
    state = State.UP;
    if (side == Side.LISTENER) {
      sayHello();
    }
    startBeating();
    owner.up(this);
  }

  private void next(PairFrame frame) {
    switch (frame.getBodyCase()) {
      case HELLO -> fault("a second hello");
      case REFUSAL -> end(LinkEnd.CLOSED, Failures.printable(frame.getRefusal().getReason()));
      case BODY_NOT_SET -> LOG.debug("a frame of a newer version is ignored");
      default -> owner.frame(this, frame);
    }
  }

  private void fault(String reason) {
    endWithGoodbye(LinkEnd.PROTOCOL, reason);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (state == State.UP && channel.isWritable()) {
      owner.writable(this);
    }
  }

  // ---------------------------------------------------------------- beats

  private void startBeating() {
    cancelTimer();
    lastTickNanos = System.nanoTime();
    long interval = settings.times().beatInterval().toNanos();
    timer =
        channel
            .eventLoop()
            .scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.NANOSECONDS);
  }

  private void tick() {
    try {
      watchAndBeat();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  private void watchAndBeat() {
    long now = System.nanoTime();
    if (now - lastTickNanos > 2 * settings.times().beatInterval().toNanos()) {
      // This process was paused. What came meanwhile may still wait in the socket.
      heard.excuseUntil(now);
    }
    lastTickNanos = now;
    if (now - heard.quietSinceNanos() > settings.times().silence().toNanos()) {
      end(LinkEnd.TIMEOUT, "nothing heard for " + settings.times().silence().toMillis() + " ms");
      return;
    }
    beat();
  }

  private void beat() {
    int bound = settings.writeBufferBytesMax() + settings.frameBytesMax() + BEAT_BYTES_MAX;
    if (pendingBytes() < bound) {
      write(PairFrame.newBuilder().setBeat(nextBeat()).build());
      channel.flush();
    }
  }

  private PairBeat nextBeat() {
    beats++;
    return settings.beat().get().toBuilder().setNumber(beats).build();
  }

  long pendingBytes() {
    var buffer = channel.unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  // ---------------------------------------------------------------- PairLink

  @Override
  public boolean send(PairFrame frame) {
    requireLoop();
    int bytes = frame.getSerializedSize();
    if (bytes > settings.frameBytesMax()) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: <= %d)"
              .formatted(frame.getBodyCase(), bytes, settings.frameBytesMax()));
    }
    if (!writable()) {
      return false;
    }
    write(frame);
    if (!flushScheduled) {
      flushScheduled = true;
      channel.eventLoop().execute(this::flushTurn);
    }
    return true;
  }

  private void flushTurn() {
    flushScheduled = false;
    channel.flush();
  }

  private void write(PairFrame frame) {
    channel.write(Frames.encode(channel.alloc(), frame), channel.voidPromise());
  }

  @Override
  public boolean writable() {
    requireLoop();
    return state == State.UP && channel.isWritable();
  }

  @Override
  public void beatNow() {
    requireLoop();
    if (state == State.UP) {
      beat();
    }
  }

  @Override
  public void close(String reason) {
    requireLoop();
    endWithGoodbye(LinkEnd.LOCAL, Failures.printable(reason));
  }

  @Override
  public PeerInfo peer() {
    requireLoop();
    return Objects.requireNonNull(peer, "no peer (expected: a link that was up)");
  }

  @Override
  public long lastHeardNanos() {
    requireLoop();
    return heard.lastNanos();
  }

  private void requireLoop() {
    if (!channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException(
          "thread: " + Thread.currentThread().getName() + " (expected: the pair's loop)");
    }
  }

  // ---------------------------------------------------------------- ending

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(LinkEnd.RESET, "the stream ended without a goodbye");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (state == State.ENDED) {
      LOG.debug("after the end", cause);
      return;
    }
    LinkEnd end = Failures.endOf(cause);
    switch (end) {
      case PROTOCOL -> fault(Failures.reasonOf(cause));
      case LOCAL -> failed(cause);
      default -> end(end, Failures.reasonOf(cause));
    }
  }

  private void failed(Throwable cause) {
    LOG.error("a handler of the pair's link failed; the link is closed", cause);
    endWithGoodbye(LinkEnd.LOCAL, "internal error");
  }

  /** Tells the other why, waits a little for it to close, and closes. */
  void endWithGoodbye(LinkEnd end, String reason) {
    boolean speaking = state == State.GREETING || state == State.UP;
    if (speaking && channel.isActive()) {
      write(refusal(reason));
      channel.flush();
      // Closing at once with unread bytes in the socket would send a reset, which may overtake it.
      channel.eventLoop().schedule(() -> channel.close(), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
      over(end, reason, false);
    } else {
      end(end, reason);
    }
  }

  /** Closes without a word. */
  void end(LinkEnd end, String reason) {
    if (state != State.ENDED) {
      over(end, reason, true);
    }
  }

  private void over(LinkEnd end, String reason, boolean closeNow) {
    boolean wasUp = state == State.UP;
    // First of all: closing fails what is not written yet, and that comes back here.
    state = State.ENDED;
    reader.stop();
    cancelTimer();
    if (closeNow) {
      channel.close();
    }
    try {
      owner.ended(this, wasUp, end, reason);
    } catch (RuntimeException e) {
      LOG.error("a handler failed at the end of a link", e);
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
