package dev.gatesvr.backup.register.witness;

import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.backup.register.witness.WitnessSettings.HostPort;
import dev.gatesvr.proto.WatchBeat;
import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessAccept;
import dev.gatesvr.proto.WitnessAnswer;
import dev.gatesvr.proto.WitnessPrepare;
import dev.gatesvr.proto.WitnessServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to one witness: votes, and the stream of beats, which is opened again and again.
 * Confined to the arbiter's loop.
 */
final class WitnessLine {
  private static final Logger log = LoggerFactory.getLogger(WitnessLine.class);

  /** A witness's answers are a few hundred bytes. */
  private static final int MESSAGE_BYTES_MAX = 64 * 1024;

  private static final long BACKOFF_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long BACKOFF_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A stream that says nothing for this long is given up, and its connection with it. */
  private static final long GIVE_UP_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(500);

  /** Told what happens on the stream, on the loop. */
  interface Listener {
    /** The first report of a stream, and every later one. */
    void onReport(int witness, WatchReport report, boolean first);

    void onClosed(int witness);
  }

  private final int index;
  private final String address;
  private final WitnessSettings settings;
  private final EventLoop loop;
  private final Listener listener;
  private final long giveUpNanos;
  private ManagedChannel channel;
  private @Nullable Stream stream;
  private long backoffNanos = BACKOFF_FIRST_NANOS;
  private boolean closed;

  WitnessLine(int index, WitnessSettings settings, EventLoop loop, Listener listener) {
    this.index = index;
    this.address = settings.witnesses().get(index);
    this.settings = settings;
    this.loop = loop;
    this.listener = listener;
    this.giveUpNanos = Math.max(2 * settings.silence().toNanos(), GIVE_UP_NANOS_MIN);
    this.channel = newChannel();
  }

  private ManagedChannel newChannel() {
    HostPort at = HostPort.parse(address);
    return NettyChannelBuilder.forAddress(at.host(), at.port())
        .eventLoopGroup(loop)
        .channelType(NioSocketChannel.class)
        .withOption(
            ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.NANOSECONDS.toMillis(giveUpNanos))
        .executor(loop)
        .usePlaintext()
        .disableRetry()
        .disableServiceConfigLookUp()
        .maxTraceEvents(0)
        .idleTimeout(365, TimeUnit.DAYS)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .build();
  }

  String address() {
    return address;
  }

  /** Begins a stream. */
  void open() {
    if (closed) {
      return;
    }
    // gRPC's own wait between attempts grows to minutes.
    channel.resetConnectBackoff();
    Stream begun = new Stream(System.nanoTime());
    stream = begun;
    begun.beats = WitnessServiceGrpc.newStub(channel).watch(begun);
    begun.beats.onNext(
        WatchBeat.newBuilder()
            .setPair(settings.pair())
            .setIncarnation(settings.incarnation())
            .setSilenceMs((int) settings.silence().toMillis())
            .build());
  }

  /** Sends a beat; gives a stream up that has been silent too long. */
  void beat(long number, long nowNanos) {
    Stream current = stream;
    if (current == null) {
      return;
    }
    if (nowNanos - current.progressNanos > giveUpNanos) {
      log.debug("witness {} says nothing: a new connection", address);
      channel.shutdownNow();
      channel = newChannel();
      current.end("silence");
    } else if (current.beats != null) {
      current.beats.onNext(WatchBeat.newBuilder().setNumber(number).build());
    }
  }

  /** Sends one request of a round; the answer, or null and the failure, comes on the loop. */
  void ask(
      Message.Request request,
      long timeoutNanos,
      BiConsumer<@Nullable WitnessAnswer, @Nullable Throwable> answered) {
    WitnessServiceGrpc.WitnessServiceStub stub =
        WitnessServiceGrpc.newStub(channel).withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS);
    Reply reply = new Reply(answered);
    switch (request) {
      case Message.Prepare prepare ->
          stub.prepare(
              WitnessPrepare.newBuilder()
                  .setPair(settings.pair())
                  .setBallot(Ballots.toWire(prepare.ballot()))
                  .build(),
              reply);
      case Message.Accept accept ->
          stub.accept(
              WitnessAccept.newBuilder()
                  .setPair(settings.pair())
                  .setBallot(Ballots.toWire(accept.ballot()))
                  .setValue(LeadershipWire.toWire(accept.value()))
                  .build(),
              reply);
    }
  }

  void close() {
    closed = true;
    channel.shutdownNow();
  }

  boolean awaitClosed(long timeoutNanos) throws InterruptedException {
    return channel.awaitTermination(timeoutNanos, TimeUnit.NANOSECONDS);
  }

  private void reopen() {
    long delay = backoffNanos - ThreadLocalRandom.current().nextLong(backoffNanos / 2);
    backoffNanos = Math.min(BACKOFF_MAX_NANOS, 2 * backoffNanos);
    loop.schedule(this::open, delay, TimeUnit.NANOSECONDS);
  }

  /** One stream, from its first beat to its end. */
  private final class Stream implements StreamObserver<WatchReport> {
    private @Nullable StreamObserver<WatchBeat> beats;
    private long progressNanos;
    private boolean first = true;

    Stream(long nowNanos) {
      progressNanos = nowNanos;
    }

    @Override
    public void onNext(WatchReport report) {
      if (stream != this) {
        return;
      }
      progressNanos = System.nanoTime();
      boolean opening = first;
      first = false;
      backoffNanos = BACKOFF_FIRST_NANOS;
      listener.onReport(index, report, opening);
    }

    @Override
    public void onError(Throwable failure) {
      end(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onCompleted() {
      end("the witness ended it");
    }

    private void end(String why) {
      if (stream != this || closed) {
        return;
      }
      stream = null;
      if (!first) {
        log.info("lost witness {}: {}", address, why);
      }
      listener.onClosed(index);
      reopen();
    }
  }

  /** The answer of one call, told once. */
  private static final class Reply implements StreamObserver<WitnessAnswer> {
    private final BiConsumer<@Nullable WitnessAnswer, @Nullable Throwable> answered;

    Reply(BiConsumer<@Nullable WitnessAnswer, @Nullable Throwable> answered) {
      this.answered = answered;
    }

    @Override
    public void onNext(WitnessAnswer answer) {
      answered.accept(answer, null);
    }

    @Override
    public void onError(Throwable failure) {
      answered.accept(null, failure);
    }

    @Override
    public void onCompleted() {}
  }
}
