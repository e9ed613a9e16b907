package dev.gatesvr.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One session with a client, an upstream and connections that break, all driven by one seed in one
 * thread. Every step checks what must hold (HA.md invariants 3 to 9, 14, 15); {@link #settle}
 * brings everything to rest and checks that nothing was lost.
 */
final class SessionWorld implements SessionOutput {
  static final SessionLimits LIMITS =
      new SessionLimits(
          24, 6_000, 500, 6, 2_000, 3, 300, new SessionLimits.Times(300_000, 10_000, 3, 400, 600));
  private static final int ANSWER_BYTES_MAX = 900;
  private static final int OUT_OF_SEQUENCE = 1_000_000;

  private final Random random;
  private final Recorder recorder = new Recorder();
  private final Standby standby;
  private final int level;
  private Session session;
  private long now = 1_000;

  // What the connection does.
  private boolean attached;
  private int window;
  private @Nullable CloseCode closed;

  // What the client has seen and done.
  private final Map<Long, ByteString> payloadOf = new HashMap<>();
  private final TreeMap<Long, String> handled = new TreeMap<>();
  private int gaps;
  private final TreeMap<Long, ClientRequest> unanswered = new TreeMap<>();
  private long handledSeq;
  private long sentClientSeq;
  private int refusals;
  private boolean mustResend;

  // What the upstream has seen and done.
  private final List<Owed> owed = new ArrayList<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Map<Long, Bound> bound = new HashMap<>();
  private ClientRequest offered = ClientRequest.getDefaultInstance();
  private boolean memoryFull;
  private long executedSeq;
  private @Nullable ClientRequest running;
  private int admitted;
  private int finished;
  private int names;

  /** An accepted message; its position is its place in the list. */
  private record Owed(String name, Delivery delivery) {}

  private record Waiting(ClientRequest request) {}

  private record Bound(List<Owed> before, List<Owed> after) {}

  SessionWorld(long seed) {
    random = new Random(seed);
    level = random.nextInt(2);
    session = new Session(seed | 1, LIMITS, recorder, now);
    recorder.recording(true);
    recorder.holding(random.nextBoolean());
    standby = new Standby(random, session, now);
  }

  // ---------------------------------------------------------------- one step

  void step() {
    now += random.nextInt(40);
    int dice = random.nextInt(100);
    if (!attached) {
      if (dice < 40) {
        reattach();
      } else if (dice < 70) {
        push();
      } else {
        answer();
      }
    } else if (dice < 22) {
      sendRequest();
    } else if (dice < 44) {
      answer();
    } else if (dice < 62) {
      push();
    } else if (dice < 78) {
      ack();
    } else if (dice < 90) {
      open(random.nextInt(6));
    } else if (dice < 94) {
      repeatRequest();
    } else if (dice < 97) {
      outOfSequence();
    } else {
      cut();
    }
    tick();
    check();
    replicate(random.nextInt(4));
    if (random.nextInt(60) == 0) {
      switchOver();
    } else if (random.nextInt(60) == 0) {
      standby.startAnew(session, now);
    }
  }

  /** What happened goes on its way, and so much of what is on its way arrives. */
  private void replicate(int entries) {
    standby.send(recorder, session.lastSeq());
    long replicated = standby.arrive(entries, now);
    if (replicated > 0) {
      session.onReplicated(replicated, now, this);
    }
    standby.checkAgainst(session);
  }

  /** The standby, which has everything, becomes the primary. */
  private void switchOver() {
    if (attached) {
      cut();
    }
    replicate(Integer.MAX_VALUE);
    ClientRequest ran = running;
    running = null;
    session = standby.takeOver(recorder, now);
    standby.startAnew(session, now);
    assertThat(ran == null || session.attempted(ran.getSeqId()) != null)
        .as("knows that it may have run")
        .isTrue();
    session.resumeRequests(now, this);
  }

  /** Lets everything finish and checks that every accepted message arrived once and in order. */
  void settle() {
    for (int round = 0; round < 200 && !atRest(); round++) {
      if (!attached) {
        reattach();
      }
      memoryFull = false;
      open(1_000);
      answer();
      session.onAck(handledSeq, now, this);
      check();
      replicate(Integer.MAX_VALUE);
    }
    assertThat(atRest()).as("at rest").isTrue();
    for (int i = 0; i < owed.size(); i++) {
      String got = handled.get(i + 1L);
      assertThat(got != null || mayBeMissing(i)).as("position %s: %s", i + 1, owed.get(i)).isTrue();
      assertThat(got == null || got.equals(owed.get(i).name)).as("position %s", i + 1).isTrue();
    }
    assertThat(session.lastSeq()).as("nothing else").isEqualTo(owed.size());
    assertThat(handledSeq).isEqualTo(owed.size());
    assertThat(finished).as("permits given back").isEqualTo(admitted);
    assertThat(session.queuedBytes()).isZero();
  }

  /** A declared gap may cover a droppable message, or a state that a newer one followed. */
  private boolean mayBeMissing(int index) {
    Delivery lost = owed.get(index).delivery;
    return switch (lost.policy()) {
      case POLICY_DROPPABLE -> true;
      case POLICY_LATEST ->
          owed.subList(index + 1, owed.size()).stream()
              .anyMatch(later -> later.delivery.key().equals(lost.key()));
      default -> false;
    };
  }

  /** How many gaps the client was told of. */
  int gaps() {
    return gaps;
  }

  private boolean atRest() {
    return running == null && session.outstandingRequests() == 0 && session.queuedMessages() == 0;
  }

  private void check() {
    assertThat(session.ackedSeq()).isLessThanOrEqualTo(session.sentSeq());
    assertThat(session.sentSeq()).isLessThanOrEqualTo(session.lastSeq());
    assertThat(session.queuedMessages()).isLessThanOrEqualTo(LIMITS.replayMessagesMax());
    assertThat(session.queuedBytes())
        .isLessThanOrEqualTo(LIMITS.replayBytesMax() + ANSWER_BYTES_MAX + 200);
    assertThat(session.outstandingRequests()).isLessThanOrEqualTo(LIMITS.outstandingRequestsMax());
    assertThat(admitted - finished).isEqualTo(session.outstandingRequests());
    assertThat(handledSeq).isLessThanOrEqualTo(session.lastSeq());
    assertThat(closed).as("closed by the session").isNull();
  }

  // ---------------------------------------------------------------- the connection

  private void reattach() {
    assertThat(session.canResumeAfter(handledSeq)).as("resumable after %s", handledSeq).isTrue();
    session.attach(handledSeq, 0, level, now);
    attached = true;
    window = random.nextInt(4);
    session.onWritable(now, this);
    resendUnanswered();
  }

  private void cut() {
    // What was sent and not handled when the connection broke is what a replay must bring again.
    attached = false;
    session.detach(now);
  }

  private void open(int messages) {
    window = messages;
    session.onWritable(now, this);
  }

  private void tick() {
    memoryFull = random.nextInt(12) == 0;
    if (now < session.nextDeadlineNanos()) {
      return;
    }
    List<PendingRequest> before = new ArrayList<>();
    session.requests.all().forEach(before::add);
    session.onDeadline(now, this);
    for (PendingRequest request : before) {
      if (session.requests.find(request.clientSeq()) == null) {
        assertThat(now - request.receivedNanos).as("waited").isGreaterThanOrEqualTo(300);
        waiting.removeIf(one -> one.request.equals(request.frame));
        owe(request.frame, "waited too long");
      }
    }
    if (closed != null) {
      assertThat(closed).isIn(CloseCode.DEAD_PEER, CloseCode.SLOW_CONSUMER);
      closed = null;
      attached = false;
    }
    assertThat(session.nextDeadlineNanos()).as("nothing stays due").isGreaterThan(now);
  }

  @Override
  public boolean transmit(ServerPush push) {
    if (!attached || window == 0) {
      return false;
    }
    if (push.getSeqId() == 0) {
      onUnsequenced(push);
      return true;
    }
    window--;
    if (isGap(push)) {
      onGap(push);
      return true;
    }
    assertThat(push.getSeqId()).as("contiguous").isEqualTo(handledSeq + 1);
    ByteString before = payloadOf.put(push.getSeqId(), push.toByteString());
    assertThat(before).as("same seq, same message").isIn(null, push.toByteString());
    handledSeq = push.getSeqId();
    handled.put(handledSeq, text(push));
    if (push.getMsgId() != 0) {
      assertThat(unanswered.remove((long) push.getMsgId())).as("answered once").isNotNull();
    }
    return true;
  }

  private static boolean isGap(ServerPush push) {
    return push.getType() == PushType.PUSH_GAP
        || (push.getType() == PushType.PUSH_ERROR && text(push).equals("messages were dropped"));
  }

  private void onGap(ServerPush push) {
    assertThat(push.getType() == PushType.PUSH_GAP)
        .as("in the client's words")
        .isEqualTo(level > Session.LEVEL_GATESVR);
    gaps++;
    assertThat(push.getSeqId()).as("a gap brings the client on").isGreaterThan(handledSeq);
    try {
      long first =
          push.getType() == PushType.PUSH_GAP
              ? Gap.parseFrom(push.getPayload()).getFirstSeqId()
              : handledSeq + 1;
      assertThat(first).as("contiguous").isLessThanOrEqualTo(handledSeq + 1);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    handledSeq = push.getSeqId();
  }

  // ---------------------------------------------------------------- the client

  private void offer(ClientRequest frame) {
    if (!attached) {
      return;
    }
    offered = frame;
    session.onHeard(now);
    session.onRequest(frame, now, this);
  }

  private void sendRequest() {
    if (mustResend) {
      mustResend = false;
      resendUnanswered();
      return;
    }
    if (unanswered.size() > 9) {
      return;
    }
    send(++sentClientSeq);
  }

  private void send(long seq) {
    byte[] data = new byte[random.nextInt(400)];
    ClientRequest frame =
        ClientRequest.newBuilder()
            .setMsgId((int) seq)
            .setSeqId(seq)
            .setType(RequestType.REQUEST_BUSINESS)
            .setPayload(
                BusinessRequest.newBuilder()
                    .setAction("a" + seq)
                    .setData(ByteString.copyFrom(data))
                    .build()
                    .toByteString())
            .build();
    unanswered.put(seq, frame);
    offer(frame);
  }

  private void repeatRequest() {
    if (level > Session.LEVEL_GATESVR) {
      resendUnanswered();
    } else if (!unanswered.isEmpty()) {
      offer(unanswered.firstEntry().getValue());
    }
  }

  private void resendUnanswered() {
    if (level > Session.LEVEL_GATESVR) {
      List.copyOf(unanswered.values()).forEach(this::offer);
    }
  }

  private void outOfSequence() {
    long before = session.nextClientSeq();
    int refused = refusals;
    window = Math.max(window, 1);
    ClientRequest frame =
        ClientRequest.newBuilder()
            .setMsgId(OUT_OF_SEQUENCE)
            .setSeqId(sentClientSeq + 5)
            .setType(RequestType.REQUEST_BUSINESS)
            .build();
    offer(frame);
    assertThat(session.nextClientSeq()).as("sequence not consumed").isEqualTo(before);
    assertThat(refusals).as("said so").isEqualTo(refused + 1);
  }

  private void ack() {
    long from = session.ackedSeq();
    long acked = random.nextInt(4) == 0 ? Math.max(0, from - 2) : between(from, handledSeq);
    session.onHeard(now);
    session.onAck(acked, now, this);
  }

  private void onUnsequenced(ServerPush push) {
    assertThat(push.getType()).isEqualTo(PushType.PUSH_ERROR);
    refusals++;
    try {
      ErrorMessage error = ErrorMessage.parseFrom(push.getPayload());
      boolean deliberate = push.getMsgId() == OUT_OF_SEQUENCE;
      if (level > Session.LEVEL_GATESVR && !deliberate) {
        assertThat(error.getErrorCode()).as("a repeated request joins").isNotEqualTo(400);
      }
      mustResend |= error.getRetrySameSeq();
      if (error.getRetrySameSeq() && level == Session.LEVEL_GATESVR) {
        // GateSvr's client takes the error as the answer and goes on counting.
        unanswered.remove((long) push.getMsgId());
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  // ---------------------------------------------------------------- the upstream

  private void answer() {
    ClientRequest request = running;
    if (request == null) {
      return;
    }
    running = null;
    String name = "r" + request.getSeqId();
    owe(request, name);
    byte[] data = new byte[random.nextInt(ANSWER_BYTES_MAX - 100)];
    Reply reply =
        random.nextInt(5) == 0
            ? new Reply.Failure(504, name, "deadline", true)
            : new Reply.Answer(200, name, ByteString.copyFrom(data), Map.of());
    session.onReply(request.getSeqId(), reply, now, this);
  }

  private void owe(ClientRequest request, String name) {
    Bound around = bound.remove(request.getSeqId());
    if (around != null) {
      owed.addAll(around.before);
    }
    owed.add(new Owed(name, Delivery.RELIABLE));
    if (around != null) {
      owed.addAll(around.after);
    }
  }

  private void push() {
    String name = "p" + names++;
    ServerPush.Builder message =
        Messages.push(BusinessResponse.newBuilder().setMessage(name).build().toByteString());
    NotifySyncHint hint = NotifySyncHint.forNumber(random.nextInt(3));
    ClientRequest request =
        random.nextBoolean() || waiting.isEmpty() ? running : waiting.getLast().request;
    long seq = request != null && random.nextInt(4) > 0 ? request.getSeqId() : 7_777_777;
    PushPolicy policy = PushPolicy.forNumber(random.nextInt(3));
    String key = policy == PushPolicy.POLICY_LATEST ? "k" + random.nextInt(3) : "";
    Delivery delivery = new Delivery(hint, seq, policy, key);
    boolean immediate = hint == NotifySyncHint.NSH_IMMEDIATELY;
    Owed mine = new Owed(name, delivery);
    if (immediate) {
      owed.add(mine);
    }
    PushVerdict verdict = session.onPush(message, delivery, now, this);
    if (!verdict.accepted() && immediate) {
      owed.removeLast();
    }
    if (verdict == PushVerdict.BOUND) {
      Bound around =
          bound.computeIfAbsent(seq, s -> new Bound(new ArrayList<>(), new ArrayList<>()));
      (hint == NotifySyncHint.NSH_BEFORE_RESPONSE ? around.before : around.after).add(mine);
    }
    if (!immediate && seq == 7_777_777) {
      assertThat(verdict).isEqualTo(PushVerdict.NOT_BOUND);
    }
  }

  @Override
  public @Nullable Refusal admit() {
    if (random.nextInt(6) == 0) {
      return new Refusal(503, "overloaded", 10);
    }
    admitted++;
    waiting.add(new Waiting(offered));
    return null;
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    assertThat(running).as("one at a time").isNull();
    assertThat(request.getAction()).isEqualTo("a" + frame.getSeqId());
    running = frame;
    if (session.attempted(frame.getSeqId()) != null) {
      assertThat(frame.getSeqId()).as("it ran on the primary before").isEqualTo(executedSeq);
      return;
    }
    assertThat(frame.getSeqId()).as("in order, once").isGreaterThan(executedSeq);
    executedSeq = frame.getSeqId();
    assertThat(waiting.remove().request.getSeqId()).isEqualTo(executedSeq);
    session.dispatched(executedSeq, 7);
  }

  @Override
  public void refused(int code) {}

  @Override
  public void finished() {
    finished++;
  }

  @Override
  public boolean memoryFull() {
    return memoryFull;
  }

  @Override
  public void close(CloseCode code) {
    closed = code;
  }

  private long between(long from, long to) {
    return from + (to > from ? random.nextInt((int) (to - from) + 1) : 0);
  }

  private static String text(ServerPush push) {
    try {
      return push.getType() == PushType.PUSH_ERROR
          ? ErrorMessage.parseFrom(push.getPayload()).getErrorMessage()
          : BusinessResponse.parseFrom(push.getPayload()).getMessage();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
