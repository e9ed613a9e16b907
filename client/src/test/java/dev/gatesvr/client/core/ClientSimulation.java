package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StopRequest;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client core, one {@link ModelGateway} and an ordered, lossless connection that breaks
 * anywhere, in one thread from one seed. The invariants are checked as things happen; {@link #run}
 * throws an {@link AssertionError} at the first that does not hold.
 */
final class ClientSimulation {
  private static final long MILLI = 1_000_000;
  private static final int OUTSTANDING_MAX = 8;
  private static final int INBOUND_MAX = 16;
  private static final long CHAOS_NANOS = 3_000 * MILLI;
  private static final List<ServerAddress> GATEWAYS =
      List.of(new ServerAddress("a", 1), new ServerAddress("b", 1), new ServerAddress("c", 1));
  private static final ServerAddress NAMED = new ServerAddress("named", 1);

  private final Random random;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order));
  private final ModelGateway.Wire wire;
  private final ModelGateway gateway;

  /** The gateway is one of two, or null: it is alone. */
  private final @Nullable ModelPair pair;

  private final ClientCore core;
  private final ArrayDeque<Inbound> inbox = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private @Nullable Link link;
  private @Nullable Link warmLink;
  private final boolean endsEarly;
  private final boolean warmWanted;
  private boolean chaos = true;
  private long nowNanos = -5_000 * MILLI;
  private final long chaosEndNanos = nowNanos + CHAOS_NANOS;
  private long order;

  /** 0 until a push of the current history has named it. */
  private int deliveredSession;

  private long deliveredSeq;
  private boolean continuityLost = true;
  private long unackedSinceNanos = Long.MAX_VALUE;
  private boolean closed;
  private boolean kicked;

  /** A gateway named where to go, and the client has not dialled since. */
  private boolean mustDialNamed;

  /** A gateway said how long to wait, and the application has not asked to come back at once. */
  private long notBeforeNanos = Long.MIN_VALUE;

  /** What happens to the pair has not ended. */
  private boolean troubled;

  /** When the last START was refused because its gateway is the standby. */
  private long notPrimaryNanos = Long.MIN_VALUE;

  /** Dials at once after such a refusal, since the session was attached last. */
  private int redirects;

  private int takeovers;
  private int troubles;
  private int breaks;
  private int sentAway;
  private int reattached;

  private record Event(long atNanos, long order, Runnable action) {}

  private static final class Request {
    final String name;
    @Nullable Outcome outcome;

    Request(String name) {
      this.name = name;
    }
  }

  ClientSimulation(long seed) {
    // Spread: the first draws of java.util.Random hardly differ between neighbouring seeds.
    random = new Random(seed * 0x9E3779B97F4A7C15L);
    wire =
        switch (random.nextInt(8)) {
          case 0 -> ModelGateway.Wire.OLD;
          case 1 -> ModelGateway.Wire.EPOCHS;
          default -> ModelGateway.Wire.TOKENS;
        };
    gateway = new ModelGateway(random, wire);
    pair =
        wire == ModelGateway.Wire.TOKENS && random.nextInt(2) == 0
            ? new ModelPair(random, gateway)
            : null;
    if (pair != null) {
      gateway.pairedWith(() -> pair.gateways(Objects.requireNonNull(pair.primary())));
    }
    endsEarly = random.nextInt(4) == 0;
    warmWanted = random.nextInt(4) > 0;
    Credential credential =
        random.nextBoolean()
            ? new Credential.Asked()
            : new Credential.Fixed(ModelGateway.LOGIN_TOKEN);
    ClientSettings defaults = ClientSettings.defaults();
    ClientSettings settings =
        (wire == ModelGateway.Wire.TOKENS ? impatient(defaults) : defaults)
            .withBounds(new ClientSettings.Bounds(OUTSTANDING_MAX, 1_000, INBOUND_MAX, 4, 3))
            .withReconnect(
                new ClientSettings.Reconnect(2 * MILLI, 40 * MILLI, Integer.MAX_VALUE, 20 * MILLI))
            .withStandby(standby(warmWanted));
    core =
        new ClientCore(
            new Player("p", credential),
            settings,
            pair == null ? GATEWAYS : List.of(ModelPair.B, ModelPair.A),
            random::nextDouble,
            0,
            new Output());
  }

  private static ClientSettings.Standby standby(boolean warm) {
    return new ClientSettings.Standby(
        true,
        warm,
        300 * MILLI,
        150 * MILLI,
        30 * MILLI,
        new ClientSettings.Reconnect(2 * MILLI, 40 * MILLI, Integer.MAX_VALUE, 20 * MILLI));
  }

  /** With so little patience an attempt that was given up is often still on its way. */
  private static ClientSettings impatient(ClientSettings settings) {
    ClientSettings.Timers t = settings.timers();
    return settings.withTimers(
        new ClientSettings.Timers(
            60 * MILLI, 60 * MILLI, t.heartbeatNanos(), t.heartbeatFixed(), t.ackNanos()));
  }

  // ---------------------------------------------------------------- the connection

  /** One connection: two ordered directions that end together, at different times on each side. */
  private final class Link {
    final ServerAddress address;
    final ModelPeer toClient =
        new ModelPeer(this::down, this::closeByGateway, () -> link == this || warmLink == this);
    final long latencyNanos = latencyNanos();
    final ArrayDeque<ServerPush> held = new ArrayDeque<>();
    boolean alive = true;
    boolean reading = true;
    boolean writable = true;
    long upUntil = Long.MIN_VALUE;
    long downUntil = Long.MIN_VALUE;

    Link(ServerAddress address) {
      this.address = address;
    }

    private long latencyNanos() {
      boolean slow = chaos && wire == ModelGateway.Wire.TOKENS && random.nextInt(10) == 0;
      return random.nextLong((slow ? 80 : 10) * MILLI) + 1;
    }

    void up(ClientRequest request) {
      boolean start = request.getType() == RequestType.REQUEST_START;
      if (start && chaos && wire == ModelGateway.Wire.TOKENS && random.nextInt(8) == 0) {
        // Given up after 60 ms, it may arrive when a newer one has been answered.
        upUntil = nowNanos + 60 * MILLI + random.nextLong(50 * MILLI);
      }
      upUntil = Math.max(upUntil, nowNanos + latencyNanos);
      at(upUntil, () -> arrive(request));
    }

    private void arrive(ClientRequest request) {
      if (pair != null && pair.paused(address)) {
        pair.defer(address, () -> arrive(request));
      } else if (alive) {
        serve(request);
      }
    }

    private void serve(ClientRequest request) {
      try {
        if (pair == null) {
          gateway.onRequest(request, toClient);
        } else if (!pair.dead(address)) {
          pair.onRequest(address, request, toClient);
        }
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    private void down(ServerPush push) {
      downUntil = Math.max(downUntil, nowNanos + latencyNanos);
      at(
          downUntil,
          () -> {
            held.add(push);
            drain();
          });
    }

    void drain() {
      while (alive && reading && !held.isEmpty() && (link == this || warmLink == this)) {
        ServerPush push = held.remove();
        if (warmLink == this) {
          core.onWarmFrame(push, nowNanos);
          continue;
        }
        if (push.getType() == PushType.PUSH_START_RESP) {
          onStartAnswer(push);
        }
        core.onFrame(push, nowNanos);
        if (push.getType() == PushType.PUSH_GO_AWAY) {
          readGoAway(push);
        }
      }
    }

    private void onStartAnswer(ServerPush push) {
      if (push.containsHeaders("session")) {
        gateway.started(push);
      } else {
        notPrimaryNanos = nowNanos;
      }
      redirects = Frames.startResponse(push).getSuccess() ? 0 : redirects;
    }

    /** What was sent before still arrives, if the client reads it in time. */
    void closeByGateway(CloseCode code) {
      if (code == CloseCode.CONNECTION_LOST) {
        cut();
        return;
      }
      lostAtGateway();
      downUntil = Math.max(downUntil, nowNanos + latencyNanos);
      at(
          downUntil,
          () -> {
            if (alive) {
              alive = false;
              report(code);
            }
          });
    }

    /** Everything on its way is lost; the two sides learn of it at different times. */
    void cut() {
      if (alive) {
        alive = false;
        breaks++;
        at(nowNanos + random.nextLong(20 * MILLI), this::lostAtGateway);
        at(nowNanos + random.nextLong(20 * MILLI), () -> report(CloseCode.CONNECTION_LOST));
      }
    }

    void lostAtGateway() {
      gateway.connectionLost(toClient);
      if (pair != null) {
        pair.connectionLost(toClient);
      }
    }

    void report(CloseCode code) {
      CloseReason reason = new CloseReason(code, code != CloseCode.CONNECTION_LOST, "");
      if (link == this) {
        link = null;
        reattached += code == CloseCode.REATTACHED ? 1 : 0;
        core.onDisconnected(reason, nowNanos);
      } else if (warmLink == this) {
        warmLink = null;
        core.onWarmDisconnected(reason, nowNanos);
      }
    }

    void connect() {
      boolean fails = chaos && random.nextInt(10) == 0;
      at(nowNanos + latencyNanos, () -> connected(fails));
    }

    private void connected(boolean fails) {
      if (pair != null && pair.paused(address)) {
        return;
      }
      if (fails || (pair != null && pair.dead(address))) {
        alive = false;
        report(CloseCode.CONNECTION_LOST);
      } else if (link == this) {
        core.onConnected(nowNanos);
      } else if (warmLink == this) {
        core.onWarmConnected(nowNanos);
      }
    }

    /** What was sent before still arrives. */
    void hangUp() {
      at(
          Math.max(nowNanos + 2 * latencyNanos, upUntil + 1),
          () -> {
            alive = false;
            lostAtGateway();
          });
    }
  }

  private final class Output implements ClientOutput {
    @Override
    public void dial(ServerAddress address) {
      check(link == null, "dialled while connected");
      check(!mustDialNamed || address.equals(NAMED), "dialled " + address);
      boolean redirected = nowNanos == notPrimaryNanos;
      check(!redirected || redirects++ == 0, "two gateways that name each other, without a pause");
      check(nowNanos >= notBeforeNanos, "dialled before the gateway's wait was over");
      mustDialNamed = false;
      notBeforeNanos = Long.MIN_VALUE;
      Link made = new Link(address);
      link = made;
      made.connect();
    }

    @Override
    public void dialWarm(ServerAddress address) {
      check(warmLink == null, "a third connection");
      check(link != null && core.state() == ClientState.READY, "a second one without a first");
      Link made = new Link(address);
      warmLink = made;
      made.connect();
    }

    @Override
    public SendResult sendWarm(ClientRequest message) {
      Link current = warmLink;
      if (current == null) {
        throw new AssertionError("send without a second connection");
      }
      if (chaos && random.nextInt(50) == 0) {
        return SendResult.BACKPRESSURED;
      }
      current.up(message);
      return SendResult.SENT;
    }

    @Override
    public void hangUpWarm(CloseCode code) {
      Link current = warmLink;
      warmLink = null;
      if (current != null) {
        current.hangUp();
      }
    }

    @Override
    public void promoteWarm() {
      Link promoted = warmLink;
      check(promoted != null, "nothing to promote");
      hangUp(CloseCode.NORMAL);
      link = promoted;
      warmLink = null;
      redirects = 0;
      notBeforeNanos = Long.MIN_VALUE;
      takeovers++;
    }

    @Override
    public void askToken() {
      Link asking = link;
      boolean fails = chaos && random.nextInt(10) == 0;
      at(
          nowNanos + random.nextLong(5 * MILLI),
          () -> {
            if (link == asking && fails) {
              core.onTokenFailed("chaos", nowNanos);
            } else if (link == asking) {
              core.onToken(ModelGateway.LOGIN_TOKEN);
            }
          });
    }

    @Override
    public SendResult send(ClientRequest message) {
      Link current = link;
      if (current == null) {
        throw new AssertionError("send without a connection");
      }
      if (!current.writable) {
        return SendResult.BACKPRESSURED;
      }
      if (chaos && random.nextInt(50) == 0) {
        current.writable = false;
        at(nowNanos + random.nextLong(10 * MILLI), () -> writable(current));
        return SendResult.BACKPRESSURED;
      }
      checkAck(message);
      current.up(message);
      return SendResult.SENT;
    }

    /** An acknowledgement means that the application returned. */
    private void checkAck(ClientRequest message) {
      long acked = message.getAckSeqId();
      if (message.getType() == RequestType.REQUEST_ACK) {
        try {
          acked = ClientAck.parseFrom(message.getPayload()).getAckedSeqId();
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
      check(acked <= deliveredSeq, "acknowledged " + acked + " and handled " + deliveredSeq);
    }

    private void writable(Link current) {
      current.writable = true;
      if (link == current) {
        core.onWritable(nowNanos);
      }
    }

    @Override
    public void hangUp(CloseCode code) {
      Link current = link;
      link = null;
      if (current != null) {
        current.hangUp();
      }
    }

    @Override
    public void reading(boolean enabled) {
      Link current = link;
      if (current != null) {
        current.reading = enabled;
        at(nowNanos, current::drain);
      }
    }

    @Override
    public void deliver(Inbound inbound) {
      boolean late =
          inbound instanceof Inbound.Ended ended
              && ended.outcome() instanceof Outcome.Failed failed
              && failed.failure() == Outcome.Failure.CLOSED;
      boolean end = inbound instanceof Inbound.StateChanged || inbound instanceof Inbound.Closed;
      check(!closed || late, "told something after closed: " + inbound);
      check(!kicked || late || end, "told something after kicked: " + inbound);
      kicked |= inbound instanceof Inbound.KickedOut;
      closed |= inbound instanceof Inbound.Closed;
      inbox.add(inbound);
      check(inbox.size() <= INBOUND_MAX + OUTSTANDING_MAX + 1_000, "inbox " + inbox.size());
      if (inbox.size() == 1) {
        at(nowNanos + thinkNanos(), ClientSimulation.this::handle);
      }
    }
  }

  // ---------------------------------------------------------------- the application

  private long thinkNanos() {
    return chaos && random.nextInt(30) == 0 ? random.nextLong(200 * MILLI) : random.nextLong(MILLI);
  }

  private void handle() {
    int batch = 1 + random.nextInt(3);
    int handled = 0;
    Inbound.Position newest = Inbound.Position.NONE;
    while (handled < batch && !inbox.isEmpty()) {
      Inbound inbound = inbox.remove();
      onInbound(inbound);
      newest = inbound.position().seq() == 0 ? newest : inbound.position();
      handled++;
    }
    core.onHandled(handled, newest, nowNanos);
    if (!inbox.isEmpty()) {
      at(nowNanos + thinkNanos(), this::handle);
    }
  }

  private void onInbound(Inbound inbound) {
    switch (inbound) {
      case Inbound.Pushed pushed -> onPosition(pushed.push());
      case Inbound.Ended ended -> ended.call().completion().accept(ended.outcome());
      case Inbound.Resumed resumed -> {}
      case Inbound.Resynced resync -> continuityLost = true;
      case Inbound.Missed missed -> onMissed(missed.firstSeq(), missed.position().seq());
      case Inbound.KickedOut kick -> {}
      case Inbound.SentAway away -> sentAway++;
      case Inbound.Skipped skipped -> onSeq(skipped.position().seq());
      case Inbound.Complained complained -> throw new AssertionError(complained);
      case Inbound.StateChanged changed -> {}
      case Inbound.FailedOver over -> {}
      case Inbound.Closed end -> {}
    }
    if (inbound instanceof Inbound.Ended ended && ended.position().seq() != 0) {
      onSeq(ended.position().seq());
    }
  }

  private void onPosition(ServerPush push) {
    int session = Integer.parseInt(push.getHeadersOrThrow("session"));
    boolean same = session == deliveredSession || deliveredSession == 0;
    check(same || continuityLost, "another session without being told");
    onSeq(push.getSeqId());
    deliveredSession = session;
  }

  private void onMissed(long first, long last) {
    onSeq(first);
    for (long seq = first; deliveredSession != 0 && seq <= last; seq++) {
      check(gateway.declaredMissing(deliveredSession, seq), "not missing: " + seq);
    }
    deliveredSeq = last;
  }

  private void onSeq(long seq) {
    check(
        seq == deliveredSeq + 1 || (continuityLost && seq == 1),
        "delivered " + seq + " after " + deliveredSeq);
    if (continuityLost) {
      continuityLost = false;
      deliveredSession = 0;
    }
    deliveredSeq = seq;
  }

  private void ask() {
    Request request = new Request("call-" + requests.size());
    requests.add(request);
    long patience = chaos && random.nextInt(3) > 0 ? random.nextLong(150 * MILLI) : 60_000 * MILLI;
    Consumer<Outcome> completion =
        outcome -> {
          check(request.outcome == null, request.name + " ended twice");
          request.outcome = outcome;
          checkOutcome(request, outcome);
        };
    core.request(
        new Call(ByteString.copyFromUtf8(request.name), nowNanos + patience, completion), nowNanos);
  }

  private void checkOutcome(Request request, Outcome outcome) {
    int ran = gateway.executions(request.name);
    switch (outcome) {
      case Outcome.Answered answered -> {
        check(ran == 1, request.name + " answered and ran " + ran + " times");
        try {
          String echoed = BusinessResponse.parseFrom(answered.payload()).getMessage();
          check(echoed.equals(request.name), request.name + " got the answer of " + echoed);
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError(e);
        }
      }
      case Outcome.Failed failed -> check(failed.mayHaveRun() || ran == 0, request.name + " ran");
      case Outcome.Refused refused -> {
        boolean unknown = refused.error().getOutcomeUnknown();
        check(unknown || refused.error().getRetrySameSeq(), request.name + " " + refused);
        check(unknown || ran == 0, request.name + " refused and ran");
      }
    }
  }

  // ---------------------------------------------------------------- the run

  /** Runs to the end. */
  void run() {
    core.connect(nowNanos);
    at(nowNanos, this::disturb);
    while (nowNanos < chaosEndNanos && !kicked) {
      step();
    }
    chaos = false;
    long healedNanos = nowNanos + 3_000 * MILLI;
    while (nowNanos < healedNanos && !kicked) {
      step();
    }
    if (!kicked) {
      checkHealed();
    }
    finish();
  }

  private void checkHealed() {
    check(core.state() == ClientState.READY, "not ready after healing: " + core.stats());
    for (Request request : requests) {
      check(request.outcome != null, request.name + " never ended: " + core.stats());
    }
    check(
        core.stats().ackedSeq() == gateway.ackedSeq(),
        "acks disagree: gateway " + gateway.ackedSeq() + ", " + core.stats());
    if (pair != null && warmWanted) {
      Link waiting = warmLink;
      check(
          waiting != null && pair.waitsAtTheStandby(waiting.toClient),
          "the second connection does not wait at the standby");
    }
  }

  private void finish() {
    ask();
    core.close(StopRequest.Reason.APP_CLOSE);
    while (!events.isEmpty()) {
      next().action().run();
    }
    check(closed && core.nextDeadlineNanos() == ClientCore.NEVER, "not closed");
    for (Request request : requests) {
      check(request.outcome != null, request.name + " never ended");
      if (request.outcome instanceof Outcome.Failed failed && !failed.mayHaveRun()) {
        check(gateway.executions(request.name) == 0, request.name + " ran after all");
      }
    }
  }

  private void disturb() {
    if (core.state() == ClientState.CLOSED) {
      return;
    }
    if (!chaos) {
      act(gateway::runOne);
      act(gateway::runOne);
      at(nowNanos + MILLI, this::disturb);
      return;
    }
    Link current = link;
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3, 4, 5 -> ask();
      case 6, 7, 8, 9, 10, 11, 12 -> act(gateway::runOne);
      case 13, 14, 15, 16 -> act(gateway::push);
      case 17 -> breakNow(random.nextInt(4) == 0 ? warmLink : current);
      case 18 -> closeByPeer(current);
      case 19 -> suspend();
      case 20 -> act(gateway::drop);
      case 21 -> act(this::signal);
      case 22 -> trouble();
      default -> resume();
    }
    at(nowNanos + random.nextLong(4 * MILLI), this::disturb);
  }

  /** A gateway that is paused, or not the primary, does nothing. */
  private void act(Runnable action) {
    if (pair == null || pair.serving()) {
      action.run();
    }
  }

  // ---------------------------------------------------------------- what happens to a pair

  private void trouble() {
    ModelPair two = pair;
    ServerAddress primary = two == null ? null : two.primary();
    if (two == null || primary == null || troubled || random.nextInt(3) > 0) {
      resume();
      return;
    }
    troubled = true;
    troubles++;
    ServerAddress standby = ModelPair.other(primary);
    long ends =
        switch (random.nextInt(6)) {
          case 0 -> primaryDies(two, primary);
          case 1 -> primaryPauses(two, primary);
          case 2 -> switchesOver(two, primary);
          case 3 -> standbyDies(two, standby);
          case 4 -> standbyPauses(two, standby);
          default -> nobodyLeads(two, primary);
        };
    at(ends + MILLI, () -> troubled = false);
  }

  private long soon(int millis) {
    return nowNanos + random.nextLong(millis * MILLI);
  }

  private long primaryDies(ModelPair two, ServerAddress primary) {
    two.kill(primary);
    two.depose();
    cutAllAt(primary);
    long promotes = soon(50);
    at(promotes, () -> two.promote(ModelPair.other(primary)));
    long restarts = promotes + random.nextLong(200 * MILLI);
    at(restarts, () -> two.restart(primary));
    return restarts;
  }

  private void cutAllAt(ServerAddress node) {
    for (Link each : new Link[] {link, warmLink}) {
      if (each != null && each.address.equals(node)) {
        each.cut();
      }
    }
  }

  /** Its connections stay, and are silent. */
  private long primaryPauses(ModelPair two, ServerAddress primary) {
    two.pause(primary);
    long promotes = soon(60);
    at(promotes, () -> two.promote(ModelPair.other(primary)));
    long goesOn = promotes + random.nextLong(200 * MILLI);
    at(goesOn, () -> two.unpause(primary));
    long notices = goesOn + random.nextLong(20 * MILLI);
    at(
        notices,
        () -> {
          two.fence(primary);
          closeMainAt(primary);
        });
    return notices;
  }

  private void closeMainAt(ServerAddress node) {
    Link current = link;
    if (current != null && current.address.equals(node)) {
      current.closeByGateway(CloseCode.GOING_AWAY);
    }
  }

  private long switchesOver(ModelPair two, ServerAddress primary) {
    boolean named = random.nextBoolean();
    List<String> to = named ? List.of(ModelPair.other(primary).toString()) : List.of();
    ModelPeer leaving = random.nextInt(4) > 0 ? two.goAway(random.nextInt(30), to) : null;
    two.promote(ModelPair.other(primary));
    long closes = soon(40);
    at(
        closes,
        () -> {
          if (leaving != null) {
            leaving.close(CloseCode.GOING_AWAY);
          }
          closeMainAt(primary);
        });
    return closes;
  }

  private long standbyDies(ModelPair two, ServerAddress standby) {
    two.kill(standby);
    cutAllAt(standby);
    long restarts = soon(100);
    at(restarts, () -> two.restart(standby));
    return restarts;
  }

  private long standbyPauses(ModelPair two, ServerAddress standby) {
    two.pause(standby);
    long goesOn = soon(100);
    at(
        goesOn,
        () -> {
          two.unpause(standby);
          two.fence(standby);
        });
    return goesOn;
  }

  /** Each names the other, until one of them leads. */
  private long nobodyLeads(ModelPair two, ServerAddress primary) {
    two.depose();
    at(soon(5), () -> closeMainAt(primary));
    long promotes = soon(80) + 5 * MILLI;
    at(promotes, () -> two.promote(random.nextBoolean() ? primary : ModelPair.other(primary)));
    return promotes;
  }

  // ---------------------------------------------------------------- what happens to anybody

  private void resume() {
    notBeforeNanos = Long.MIN_VALUE;
    core.resume(nowNanos);
  }

  private void signal() {
    if (random.nextInt(10) == 0) {
      goAway();
    } else if (endsEarly && random.nextInt(20) == 0) {
      gateway.endSession(random.nextBoolean());
    }
  }

  private void goAway() {
    boolean alone = pair == null;
    List<String> addresses = alone && random.nextBoolean() ? List.of(NAMED.toString()) : List.of();
    ModelPeer leaving = gateway.goAway(random.nextInt(30), addresses);
    if (leaving != null && random.nextBoolean()) {
      at(nowNanos + random.nextLong(30 * MILLI), () -> leaving.close(CloseCode.GOING_AWAY));
    }
  }

  private void readGoAway(ServerPush push) {
    try {
      GoAway goAway = GoAway.parseFrom(push.getPayload());
      mustDialNamed = goAway.getAddressesCount() > 0 && pair == null;
      notBeforeNanos = nowNanos + goAway.getRetryAfterMs() * MILLI;
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void breakNow(@Nullable Link current) {
    if (current != null && random.nextInt(4) == 0) {
      current.cut();
    }
  }

  private void closeByPeer(@Nullable Link current) {
    if (current != null && current.alive && random.nextInt(10) == 0) {
      current.alive = false;
      current.lostAtGateway();
      current.report(CloseCode.GOING_AWAY);
    }
  }

  private void suspend() {
    if (random.nextInt(20) == 0) {
      core.suspend(nowNanos);
      at(nowNanos + random.nextLong(50 * MILLI), this::resume);
    }
  }

  private void step() {
    Event head = events.peek();
    long deadline = core.nextDeadlineNanos();
    if (head == null || deadline < head.atNanos()) {
      check(deadline != ClientCore.NEVER, "nothing will ever happen");
      nowNanos = Math.max(nowNanos, deadline);
      core.onTime(nowNanos);
      check(core.nextDeadlineNanos() > nowNanos, "a deadline that does not go away");
    } else {
      next().action().run();
    }
    checkState();
  }

  private Event next() {
    Event event = events.remove();
    nowNanos = Math.max(nowNanos, event.atNanos());
    return event;
  }

  private void checkState() {
    ClientStats stats = core.stats();
    check(!kicked || stats.state() == ClientState.CLOSED, "kicked and still " + stats.state());
    check(stats.requestsOutstanding() <= OUTSTANDING_MAX, "outstanding " + stats);
    check(gateway.unanswered() <= OUTSTANDING_MAX, "unanswered " + gateway.unanswered());
    Link current = link;
    boolean mustAck =
        stats.state() == ClientState.READY
            && core.hasUnacknowledged()
            && current != null
            && current.writable;
    unackedSinceNanos = mustAck ? Math.min(unackedSinceNanos, nowNanos) : Long.MAX_VALUE;
    check(
        unackedSinceNanos == Long.MAX_VALUE || nowNanos - unackedSinceNanos <= 50 * MILLI,
        "an acknowledgement is late");
  }

  private void at(long atNanos, Runnable action) {
    events.add(new Event(atNanos, order++, action));
  }

  /** How often a connection was cut. */
  int breaks() {
    return breaks;
  }

  /** How often the session went on at the second connection. */
  int takeovers() {
    return takeovers;
  }

  /** How often something happened to a pair. */
  int troubles() {
    return troubles;
  }

  @Nullable ModelPair pair() {
    return pair;
  }

  /** How often the client was sent away. */
  int sentAway() {
    return sentAway;
  }

  /** How often the client lost a session to a START of its own that came late. */
  int reattached() {
    return reattached;
  }

  /** True when the session was ended by others. */
  boolean kicked() {
    return kicked;
  }

  ModelGateway gateway() {
    return gateway;
  }

  /** What the client counted. */
  ClientStats stats() {
    return core.stats();
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
