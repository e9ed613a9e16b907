package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.WatchBeat;
import dev.gatesvr.proto.WatchReport;
import dev.gatesvr.proto.WitnessAccept;
import dev.gatesvr.proto.WitnessAnswer;
import dev.gatesvr.proto.WitnessBallot;
import dev.gatesvr.proto.WitnessPrepare;
import dev.gatesvr.proto.WitnessServiceGrpc;
import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.service.witness.VoteDesk.Ask;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The gRPC side of a witness: checks what comes in and passes it on. Thread-safe. */
final class WitnessEdge extends WitnessServiceGrpc.WitnessServiceImplBase {
  private final VoteDesk desk;
  private final WatchRoom room;
  private final LongSupplier nanoClock;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  WitnessEdge(VoteDesk desk, WatchRoom room, LongSupplier nanoClock) {
    this.desk = desk;
    this.room = room;
    this.nanoClock = nanoClock;
  }

  @Override
  public void prepare(WitnessPrepare request, StreamObserver<WitnessAnswer> asker) {
    String problem = problemOf(request.getPair(), request.getBallot());
    if (problem.isEmpty()) {
      ask(new Ask(request.getPair(), request.getBallot(), null, asker));
    } else {
      asker.onError(invalid(problem));
    }
  }

  @Override
  public void accept(WitnessAccept request, StreamObserver<WitnessAnswer> asker) {
    String problem = problemOf(request.getPair(), request.getBallot());
    int bytes = request.getValue().getSerializedSize();
    if (bytes > WitnessLimits.VALUE_BYTES_MAX) {
      problem = "value: " + bytes + " bytes (expected: <= " + WitnessLimits.VALUE_BYTES_MAX + ")";
    }
    if (problem.isEmpty()) {
      ask(new Ask(request.getPair(), request.getBallot(), request.getValue(), asker));
    } else {
      asker.onError(invalid(problem));
    }
  }

  private void ask(Ask ask) {
    // With a handler, an answer to a gateway that left is dropped instead of thrown.
    ((ServerCallStreamObserver<WitnessAnswer>) ask.asker()).setOnCancelHandler(() -> {});
    desk.ask(ask);
  }

  private static String problemOf(String pair, WitnessBallot ballot) {
    String problem = problemOf("pair", pair, WitnessLimits.PAIR_CHARS_MAX);
    if (!problem.isEmpty()) {
      return problem;
    }
    return ballot.getRound() < 1
        ? "round: " + ballot.getRound() + " (expected: >= 1)"
        : problemOf("proposer", ballot.getProposer(), WitnessLimits.INCARNATION_CHARS_MAX);
  }

  private static String problemOf(String what, String text, int charsMax) {
    return text.isEmpty() || text.length() > charsMax || Printable.hasControls(text)
        ? what + ": " + Printable.quoted(text) + " (expected: 1 to " + charsMax + " characters)"
        : "";
  }

  private static RuntimeException invalid(String problem) {
    return Status.INVALID_ARGUMENT.withDescription(problem).asRuntimeException();
  }

  @Override
  public StreamObserver<WatchBeat> watch(StreamObserver<WatchReport> reports) {
    Watch watch = new Watch((ServerCallStreamObserver<WatchReport>) reports);
    watches.add(watch);
    if (closed) {
      watch.end(Status.UNAVAILABLE.withDescription("the witness stops"));
    }
    return watch;
  }

  /** Ends every watch; no further one begins. */
  void close() {
    closed = true;
    for (Watch watch : watches) {
      watch.end(Status.UNAVAILABLE.withDescription("the witness stops"));
    }
  }

  /** One gateway's stream. gRPC calls it on one thread; reports go out under the room's lock. */
  private final class Watch implements StreamObserver<WatchBeat>, Watcher.Line {
    private final ServerCallStreamObserver<WatchReport> reports;
    private @Nullable Watcher watcher;
    private boolean ended;

    Watch(ServerCallStreamObserver<WatchReport> reports) {
      this.reports = reports;
      reports.setOnCancelHandler(() -> over(null));
      reports.setOnCloseHandler(() -> over(null));
    }

    @Override
    public void onNext(WatchBeat beat) {
      Watcher known = watcher;
      if (known != null) {
        room.beat(known, beat.getNumber(), nanoClock.getAsLong());
        return;
      }
      String problem = problemOf(beat);
      if (!problem.isEmpty()) {
        end(Status.INVALID_ARGUMENT.withDescription(problem));
        return;
      }
      Watcher begun = new Watcher(beat.getIncarnation(), beat.getSilenceMs() * 1_000_000L, this);
      watcher = begun;
      if (!room.arrive(beat.getPair(), begun, beat.getNumber(), nanoClock.getAsLong())) {
        end(Status.RESOURCE_EXHAUSTED.withDescription("too many watches or pairs"));
      }
    }

    private static String problemOf(WatchBeat beat) {
      String pair = WitnessEdge.problemOf("pair", beat.getPair(), WitnessLimits.PAIR_CHARS_MAX);
      if (!pair.isEmpty()) {
        return pair;
      }
      int silence = beat.getSilenceMs();
      return silence < WitnessLimits.SILENCE_MILLIS_MIN
              || silence > WitnessLimits.SILENCE_MILLIS_MAX
          ? "silence_ms: "
              + silence
              + " (expected: "
              + WitnessLimits.SILENCE_MILLIS_MIN
              + " to "
              + WitnessLimits.SILENCE_MILLIS_MAX
              + ")"
          : WitnessEdge.problemOf(
              "incarnation", beat.getIncarnation(), WitnessLimits.INCARNATION_CHARS_MAX);
    }

    @Override
    public void onError(Throwable failure) {
      over(null);
    }

    @Override
    public void onCompleted() {
      over(Status.OK);
    }

    @Override
    public synchronized void send(WatchReport report) {
      if (ended) {
        return;
      }
      if (!reports.isReady()) {
        // A reader that slow comes back and is told everything anew.
        Status slow = Status.RESOURCE_EXHAUSTED.withDescription("reports are read too slowly");
        ended = true;
        reports.onError(slow.asRuntimeException());
        return;
      }
      reports.onNext(report);
    }

    private void end(Status status) {
      over(status);
    }

    /** The stream ended, by the gateway when there is no status to send. */
    private void over(@Nullable Status status) {
      watches.remove(this);
      boolean first;
      synchronized (this) {
        first = !ended;
        ended = true;
      }
      if (first && status != null) {
        if (status.isOk()) {
          reports.onCompleted();
        } else {
          reports.onError(status.asRuntimeException());
        }
      }
      Watcher known = watcher;
      if (known != null) {
        room.leave(known, nanoClock.getAsLong());
      }
    }
  }
}
