package dev.gatesvr.gateway.pair;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One player: a small model of the SDK. */
// What is absent here has failed the run before.
@SuppressWarnings("NullAway")
final class SimPlayer {
  private static final long MILLI = 1_000_000;
  private static final int OUTSTANDING_MAX = 3;
  private static final SimDoor.Beat BEAT = new SimDoor.Beat();
  private static final long SILENCE_NANOS = 350 * MILLI;

  /** A resume token without its seal. */
  record Claim(String sessionId, int player, long number, long attach) {
    ByteString seal() {
      return ByteString.copyFromUtf8(sessionId + "/" + player + "/" + number + "/" + attach);
    }

    static @Nullable Claim open(ByteString token) {
      if (token.isEmpty()) {
        return null;
      }
      String[] parts = token.toStringUtf8().split("/");
      return new Claim(
          parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
    }
  }

  private record Missing(long epoch, long first, long last) {}

  private final PairWorld world;
  private final int index;
  private final boolean keepsWarm;
  private final SimProcess process;
  private int preferred;
  private @Nullable Connection main;
  private @Nullable Connection warm;
  private ByteString token = ByteString.EMPTY;
  private long epoch;
  private long received;
  private long nextSeq = 1;
  private int names;
  private boolean everStarted;
  private boolean ackDue;
  private boolean resendDue;
  private final TreeMap<Long, String> unanswered = new TreeMap<>();
  private final List<Missing> missing = new ArrayList<>(0);

  /** By the process that made the pushes. */
  private final Map<String, Integer> newestOf = new HashMap<>();

  /** When the last history began: what was pushed before it may be lost. */
  private long freshNanos = Long.MAX_VALUE;

  SimPlayer(PairWorld world, int host, int index, boolean keepsWarm) {
    this.world = world;
    this.index = index;
    this.keepsWarm = keepsWarm;
    this.process = new SimProcess(world.time(), host);
  }

  void begin() {
    connect();
    beat();
    requestLater();
  }

  private long now() {
    return world.time().nowNanos();
  }

  boolean attached() {
    return main != null && main.started;
  }

  boolean atRest() {
    return attached() && unanswered.isEmpty() && !ackDue;
  }

  // ---------------------------------------------------------------- connections

  /** One connection. */
  private final class Connection implements SimLink.Receiver {
    final int to;
    final boolean waits;
    SimLink.@Nullable End end;
    boolean started;
    boolean dropped;
    boolean claiming;
    long heardNanos = now();

    Connection(int to, boolean waits) {
      this.to = to;
      this.waits = waits;
    }

    void open() {
      world.dial(
          process,
          to,
          node -> {
            if (dropped) {
              return;
            }
            SimLink link = new SimLink(world.net(), process, node.process());
            node.fleet().door().accept(link.two);
            end = link.one;
            end.receiver(this);
            heardNanos = now();
            start();
          },
          refused -> lost(this));
    }

    void start() {
      StartRequest.Builder start = StartRequest.newBuilder().setOpenid("" + index);
      start.setProtocolLevel(1);
      if (waits && !claiming) {
        start.setWarm(true);
      } else {
        start.setResumeToken(token).setEpoch(epoch).setLastAckedSeqId(received);
      }
      send(start.build());
    }

    void send(Object message) {
      if (end != null) {
        end.send(message);
      }
    }

    void drop() {
      dropped = true;
      if (end != null) {
        end.close();
      }
    }

    @Override
    public void onMessage(Object message) {
      heardNanos = now();
      if (!dropped) {
        heard(this, message);
      }
    }

    @Override
    public void onOver(boolean reset) {
      lost(this);
    }
  }

  private void connect() {
    if (main == null) {
      Connection made = new Connection(preferred, false);
      main = made;
      made.open();
    }
  }

  private void lost(Connection connection) {
    connection.dropped = true;
    if (connection.equals(main)) {
      main = null;
      preferred = 1 - preferred;
      world.time().after(2 * MILLI + world.time().random().nextLong(25 * MILLI), this::connect);
    } else if (connection.equals(warm)) {
      warm = null;
    }
  }

  /** Beats, looks whether the gateway is still there, keeps a connection to the other. */
  private void beat() {
    world.time().after(100 * MILLI + world.time().random().nextLong(60 * MILLI), this::beat);
    check(main);
    check(warm);
    if (keepsWarm && warm == null && attached() && main != null) {
      Connection made = new Connection(1 - main.to, true);
      warm = made;
      made.open();
    }
  }

  private void check(@Nullable Connection connection) {
    if (connection == null) {
      return;
    }
    if (now() - connection.heardNanos > SILENCE_NANOS) {
      connection.drop();
      lost(connection);
    } else {
      connection.send(BEAT);
      if (connection.equals(main) && connection.started) {
        connection.send(received);
      }
    }
  }

  /** The application's network is gone for a moment. */
  void cut() {
    Connection now = main;
    if (now != null) {
      now.drop();
      lost(now);
    }
  }

  // ---------------------------------------------------------------- what arrives

  private void heard(Connection from, Object message) {
    switch (message) {
      case SimDoor.Beat beat -> {}
      case SimDoor.Offer offer when from.equals(warm) -> {
        from.claiming = true;
        from.start();
      }
      case SimDoor.Offer offer -> {}
      case SimDoor.NotPrimary not when from.equals(main) -> {
        from.drop();
        main = null;
        preferred = 1 - from.to;
        world.time().after(5 * MILLI + world.time().random().nextLong(40 * MILLI), this::connect);
      }
      case SimDoor.NotPrimary not -> from.claiming = false;
      case SimDoor.Refused refused when from.equals(warm) -> {
        from.drop();
        lost(from);
      }
      case SimDoor.Refused refused -> {
        world.say(this + " is refused by " + from.to);
        SimBooks.must(!world.books().strict, "a token was refused in one failure", this);
        token = ByteString.EMPTY;
        from.start();
      }
      case SimDoor.Started started when from.equals(main) -> started(from, started);
      case SimDoor.Started started when from.equals(warm) -> {
        takeOver(from);
        started(from, started);
      }
      case ServerPush push when from.equals(main) -> arrived(from, push);
      default -> {}
    }
  }

  /** The other gateway resumed the session on the connection that waited there. */
  private void takeOver(Connection from) {
    world.count("warm offer");
    if (main != null) {
      main.drop();
    }
    warm = null;
    main = from;
  }

  private void started(Connection from, SimDoor.Started started) {
    Connection other = warm;
    if (other != null && other.claiming) {
      // What it claims is older than this.
      other.drop();
      warm = null;
    }
    from.started = true;
    world.say(this + " at " + from.to + ": " + started);
    token = started.token();
    preferred = from.to;
    if (started.resumed()) {
      SimBooks.must(started.epoch() == epoch, "15: resumed another history", this);
    } else {
      SimBooks.must(!everStarted || !world.books().strict, "3: a resync in one failure", this);
      world.count(everStarted ? "resync" : "login");
      unanswered.values().forEach(world.books()::unknown);
      unanswered.clear();
      epoch = started.epoch();
      received = 0;
      nextSeq = 1;
      freshNanos = now();
    }
    everStarted = true;
    resend();
  }

  private void arrived(Connection from, ServerPush push) {
    long seq = push.getSeqId();
    if (push.getType() == PushType.PUSH_KICKED) {
      SimBooks.must(!world.books().strict, "3: kicked in one failure", this);
      // The application logs in anew.
      token = ByteString.EMPTY;
      from.drop();
      lost(from);
      return;
    }
    SimBooks.must(from.started, "12: a message before the answer of START", this);
    if (seq == 0) {
      refused(push);
      return;
    }
    if (seq <= received) {
      return;
    }
    if (push.getType() == PushType.PUSH_GAP) {
      gap(push);
    } else {
      SimBooks.must(seq == received + 1, "5: a hole before " + seq, this);
      handle(push);
    }
    received = seq;
    ack();
  }

  private void gap(ServerPush push) {
    Gap gap = read(() -> Gap.parseFrom(push.getPayload()));
    SimBooks.must(gap.getFirstSeqId() <= received + 1, "5: a hole before a gap", this);
    missing.add(new Missing(epoch, Math.max(gap.getFirstSeqId(), received + 1), push.getSeqId()));
    world.count("gap");
  }

  private void handle(ServerPush push) {
    if (push.getMsgId() != 0) {
      answer(push);
      return;
    }
    String text = push.getPayload().toStringUtf8();
    world.books().delivered(text, index);
    String[] parts = text.split(":");
    int number = Integer.parseInt(parts[2]);
    Integer before = newestOf.put(parts[0], number);
    SimBooks.must(before == null || number > before, "7: out of order after " + before, text);
  }

  private void answer(ServerPush push) {
    String name = unanswered.remove((long) push.getMsgId());
    SimBooks.must(name != null, "8: an answer to nothing", push.getMsgId());
    if (push.getType() == PushType.PUSH_ERROR) {
      ErrorMessage error = read(() -> ErrorMessage.parseFrom(push.getPayload()));
      if (error.getOutcomeUnknown()) {
        world.count("outcome unknown");
        world.books().unknown(name);
      } else {
        world.count("did not run");
        world.books().didNotRun(name);
      }
    } else {
      world.count("answered");
      world
          .books()
          .answered(name, read(() -> BusinessResponse.parseFrom(push.getPayload())).getMessage());
    }
  }

  /** The gateway takes it later. */
  private void refused(ServerPush push) {
    ErrorMessage error = read(() -> ErrorMessage.parseFrom(push.getPayload()));
    SimBooks.must(error.getRetrySameSeq(), "8: refused for good", error);
    if (!resendDue) {
      resendDue = true;
      world
          .time()
          .after(
              40 * MILLI,
              () -> {
                resendDue = false;
                resend();
              });
    }
  }

  private interface Parser<T> {
    T parse() throws InvalidProtocolBufferException;
  }

  private static <T> T read(Parser<T> parser) {
    try {
      return parser.parse();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void ack() {
    if (!ackDue) {
      ackDue = true;
      world
          .time()
          .after(
              world.time().random().nextLong(15 * MILLI),
              () -> {
                ackDue = false;
                if (main != null && main.started) {
                  main.send(received);
                }
              });
    }
  }

  // ---------------------------------------------------------------- requests

  private void requestLater() {
    world
        .time()
        .after(
            world.time().random().nextLong(70 * MILLI),
            () -> {
              if (world.chaos()) {
                request();
                requestLater();
              }
            });
  }

  private void request() {
    if (!attached() || unanswered.size() >= OUTSTANDING_MAX) {
      return;
    }
    String name = "r" + index + "." + names++;
    long seq = nextSeq++;
    unanswered.put(seq, name);
    send(seq, name);
  }

  private void resend() {
    if (attached()) {
      unanswered.forEach(this::send);
    }
  }

  private void send(long seq, String name) {
    main.send(
        ClientRequest.newBuilder()
            .setType(RequestType.REQUEST_BUSINESS)
            .setMsgId((int) seq)
            .setSeqId(seq)
            .setPayload(BusinessRequest.newBuilder().setAction(name).build().toByteString())
            .build());
  }

  // ---------------------------------------------------------------- at the end

  /** Invariant 3: nothing acknowledged is missing in silence. */
  void checkAtRest() {
    for (SimBooks.Push push : world.books().pushes()) {
      if (push.player != index || !push.acknowledged || push.delivered > 0) {
        continue;
      }
      boolean gone = push.madeNanos <= freshNanos;
      boolean declared = push.droppable && push.places.stream().anyMatch(this::isMissing);
      SimBooks.must(gone || declared, "3: an acknowledged push is lost", push.text + " of " + this);
    }
  }

  private boolean isMissing(SimBooks.Place place) {
    return missing.stream()
        .anyMatch(
            gap ->
                gap.epoch == place.epoch() && gap.first <= place.seq() && place.seq() <= gap.last);
  }

  @Override
  public String toString() {
    return "player "
        + index
        + ", epoch "
        + epoch
        + ", received "
        + received
        + ", waits for "
        + unanswered;
  }
}
