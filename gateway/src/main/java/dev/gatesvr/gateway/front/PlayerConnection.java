package dev.gatesvr.gateway.front;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.gateway.auth.AuthResult;
import dev.gatesvr.gateway.auth.Credentials;
import dev.gatesvr.gateway.auth.ResumeClaim;
import dev.gatesvr.gateway.auth.resume.ResumeResult;
import dev.gatesvr.gateway.shard.Answers;
import dev.gatesvr.gateway.shard.Attachment;
import dev.gatesvr.gateway.shard.Lead;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.gateway.shard.ShardTimer;
import dev.gatesvr.gateway.shard.StartCommand;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.Limits;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its first byte to its session. Confined to the connection's loop; the states
 * are in the package documentation.
 */
final class PlayerConnection implements ConnectionHandler<ClientRequest>, StartCommand.Binding {
  /** What a client may send after START without waiting for its answer. */
  private static final int EARLY_FRAMES_MAX = 64;

  /** A resume that is refused, a login, and one to spare. */
  private static final int STARTS_MAX = 3;

  private static final String UNAVAILABLE = "authentication is unavailable";

  /** The same for every reason: a forger learns nothing, and a client can do nothing else. */
  private static final String LOG_IN = "log in: START without resume_token";

  private enum State {
    FIRST_MESSAGE,
    RESUME_REFUSED,
    /** Waits at a standby for its takeover. */
    WARM,
    AUTHENTICATING,
    BINDING,
    ATTACHED,
    CLOSING,
    CLOSED
  }

  private record EarlyFrame(ClientRequest frame, long receivedNanos) {}

  private final Connection connection;
  private final SessionShard shard;
  private final FrontDoor door;
  private State state = State.FIRST_MESSAGE;
  private int starts;

  /** Until a session is attached. */
  private @Nullable ShardTimer startTimer;

  private @Nullable Attachment attachment;
  private @Nullable ArrayDeque<EarlyFrame> early;

  PlayerConnection(Connection connection, SessionShard shard, FrontDoor door) {
    this.connection = connection;
    this.shard = shard;
    this.door = door;
    startTimer();
  }

  private void startTimer() {
    ShardTimer timer = new ShardTimer(shard, this::onTooLate);
    startTimer = timer;
    timer.start(
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Limits.FIRST_MESSAGE_TIMEOUT_MILLIS));
  }

  // ---------------------------------------------------------------- from the transport

  @Override
  public void onFrame(ClientRequest frame, long receivedNanos) {
    switch (state) {
      case ATTACHED -> attached().onFrame(frame, receivedNanos);
      case FIRST_MESSAGE -> onFirst(frame);
      case RESUME_REFUSED -> onNextStart(frame);
      case WARM -> onWarm(frame);
      case AUTHENTICATING, BINDING -> keep(frame, receivedNanos);
      case CLOSING, CLOSED -> {}
    }
  }

  @Override
  public void onFault(FrameFault fault) {
    if (state == State.CLOSING || state == State.CLOSED) {
      return;
    }
    protocolError(fault.name());
    connection.send(Answers.error(0, ErrorCode.MALFORMED, "malformed message", fault.detail()));
    close(fault.closeCode());
  }

  @Override
  public void onWritable() {
    if (attachment != null) {
      attachment.onWritable();
    }
  }

  @Override
  public void onClosed(CloseReason reason) {
    door.warm().remove(shard, this);
    state = State.CLOSED;
    stopTimer();
    early = null;
    if (attachment != null) {
      attachment.onClosed();
      attachment = null;
    }
    door.closed(connection, reason.code());
  }

  // ---------------------------------------------------------------- the start

  private void onFirst(ClientRequest frame) {
    if (frame.getType() != RequestType.REQUEST_START) {
      protocolError("not_started");
      connection.send(
          Answers.error(
              frame.getMsgId(),
              ErrorCode.UNAUTHENTICATED,
              "the first message must be START",
              "type: " + frame.getTypeValue() + " (expected: 1)"));
      close(CloseCode.UNAUTHENTICATED);
      return;
    }
    onStart(frame);
  }

  /** What else was sent for the session that was not resumed is dropped. */
  private void onNextStart(ClientRequest frame) {
    if (frame.getType() == RequestType.REQUEST_START) {
      onStart(frame);
    }
  }

  private void onStart(ClientRequest frame) {
    starts++;
    int msgId = frame.getMsgId();
    StartRequest start = parse(frame);
    String mistake = start == null ? "payload is no StartRequest" : mistakeIn(start);
    if (start == null || !mistake.isEmpty()) {
      refuse(msgId, ErrorCode.MALFORMED, mistake, CloseCode.MALFORMED);
    } else if (!door.serves() || start.getWarm()) {
      notPrimary(msgId, start);
    } else if (start.getResumeToken().isEmpty()) {
      logIn(msgId, start);
    } else {
      resume(msgId, start);
    }
  }

  /** A warm connection stays, and is told at once when there is nothing to wait for. */
  private void notPrimary(int msgId, StartRequest start) {
    Lead lead = door.lead();
    connection.send(
        Answers.notPrimary(
            msgId, start.getProtocolLevel(), lead.gateways(), shard.heartbeatSeconds()));
    if (!start.getWarm()) {
      door.metrics().connectionRefused("standby");
      close(CloseCode.GOING_AWAY);
      return;
    }
    state = State.WARM;
    starts = 0;
    stopTimer();
    door.warm().add(shard, this);
    if (door.serves()) {
      offer();
    }
  }

  /** This gateway took over: START may come on this connection. */
  void offer() {
    if (state == State.WARM) {
      connection.send(Answers.attachOffer());
    }
  }

  private void onWarm(ClientRequest frame) {
    switch (frame.getType()) {
      case REQUEST_START -> {
        door.warm().remove(shard, this);
        state = State.FIRST_MESSAGE;
        startTimer();
        onStart(frame);
      }
      case REQUEST_HEARTBEAT -> {
        try {
          HeartbeatRequest heartbeat = HeartbeatRequest.parseFrom(frame.getPayload());
          connection.send(
              Answers.heartbeat(
                  frame.getMsgId(),
                  Answers.heartbeat(heartbeat.getClientTimestamp(), System.currentTimeMillis())));
        } catch (InvalidProtocolBufferException e) {
          protocolError("malformed_payload");
          close(CloseCode.MALFORMED);
        }
      }
      default -> {
        // Meant for a session that is not here.
      }
    }
  }

  private void resume(int msgId, StartRequest start) {
    switch (door.tokens().open(start.getResumeToken(), start.getOpenid())) {
      case ResumeResult.Opened opened -> bind(msgId, start, opened.claim());
      case ResumeResult.Refused refused ->
          resumeRefused(msgId, refused.reason().name().toLowerCase(Locale.ROOT));
    }
  }

  private void logIn(int msgId, StartRequest start) {
    state = State.AUTHENTICATING;
    authenticate(
            new Credentials(start.getOpenid(), start.getAuthToken(), connection.remoteAddress()))
        .whenComplete(
            (result, failure) -> shard.execute(() -> onAuthenticated(msgId, start, result)));
  }

  private CompletionStage<AuthResult> authenticate(Credentials credentials) {
    try {
      return door.authenticator().authenticate(credentials);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void bind(int msgId, StartRequest start, @Nullable ResumeClaim claim) {
    state = State.BINDING;
    shard.start(new StartCommand(msgId, start, claim, connection, this));
  }

  private static @Nullable StartRequest parse(ClientRequest frame) {
    try {
      return StartRequest.parseFrom(frame.getPayload());
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /** What is wrong with a START, empty when nothing is. */
  private static String mistakeIn(StartRequest start) {
    int openidBytes = start.getOpenid().getBytes(StandardCharsets.UTF_8).length;
    if (openidBytes < 1 || openidBytes > Limits.OPENID_BYTES_MAX) {
      return "openid bytes: " + openidBytes + " (expected: 1 to " + Limits.OPENID_BYTES_MAX + ")";
    }
    int tokenBytes = start.getAuthToken().getBytes(StandardCharsets.UTF_8).length;
    if (tokenBytes > Limits.AUTH_TOKEN_BYTES_MAX) {
      return "auth_token bytes: "
          + tokenBytes
          + " (expected: <= "
          + Limits.AUTH_TOKEN_BYTES_MAX
          + ")";
    }
    return start.getLastAckedSeqId() < 0 ? "last_acked_seq_id is out of range" : "";
  }

  private void onAuthenticated(int msgId, StartRequest start, @Nullable AuthResult result) {
    if (state != State.AUTHENTICATING) {
      return;
    }
    switch (result) {
      case AuthResult.Accepted accepted -> bind(msgId, start, null);
      case AuthResult.Rejected rejected -> {
        door.metrics().loginRefused(rejected.reason());
        refuse(msgId, ErrorCode.UNAUTHENTICATED, rejected.why(), CloseCode.UNAUTHENTICATED);
      }
      case AuthResult.Unavailable unavailable -> {
        door.metrics().loginRefused(unavailable.reason());
        refuse(msgId, ErrorCode.UNAVAILABLE, UNAVAILABLE, CloseCode.OVERLOADED);
      }
      case null -> {
        door.metrics().error("the authenticator failed");
        refuse(msgId, ErrorCode.UNAVAILABLE, UNAVAILABLE, CloseCode.INTERNAL);
      }
    }
  }

  private void refuse(int msgId, int code, String why, CloseCode closeCode) {
    protocolError("start_refused");
    connection.send(Answers.startRefused(msgId, code, "start refused", why));
    close(closeCode);
  }

  @Override
  public void onAttached(Attachment newAttachment) {
    if (state != State.BINDING) {
      newAttachment.onClosed();
      return;
    }
    state = State.ATTACHED;
    stopTimer();
    attachment = newAttachment;
    ArrayDeque<EarlyFrame> kept = early;
    if (kept != null) {
      early = null;
      // After the start was answered, which this call precedes.
      connection.loop().execute(() -> replay(kept));
    }
  }

  @Override
  public void onRefused(String why) {
    if (state == State.BINDING) {
      door.metrics().connectionRefused("sessions");
      connection.send(Answers.startRefused(0, ErrorCode.UNAVAILABLE, "start refused", why));
      close(CloseCode.OVERLOADED);
    }
  }

  @Override
  public void onResumeRefused(int msgId, String why) {
    if (state == State.BINDING) {
      resumeRefused(msgId, "session");
    }
  }

  @Override
  public void onReplaced() {
    if (state == State.BINDING) {
      door.metrics().resumeRefused("replaced");
      connection.send(Answers.replaced());
      close(CloseCode.REPLACED);
    }
  }

  private void resumeRefused(int msgId, String reason) {
    door.metrics().resumeRefused(reason);
    if (starts == STARTS_MAX) {
      refuse(msgId, ErrorCode.RESUME_REFUSED, LOG_IN, CloseCode.UNAUTHENTICATED);
      return;
    }
    state = State.RESUME_REFUSED;
    connection.send(
        Answers.startRefused(msgId, ErrorCode.RESUME_REFUSED, "resume refused", LOG_IN));
    ArrayDeque<EarlyFrame> kept = early;
    if (kept != null) {
      early = null;
      replay(kept);
    }
  }

  private void replay(ArrayDeque<EarlyFrame> kept) {
    for (EarlyFrame frame : kept) {
      onFrame(frame.frame(), frame.receivedNanos());
    }
    if (early == null) {
      connection.reading(true);
    }
  }

  private void keep(ClientRequest frame, long receivedNanos) {
    if (early == null) {
      early = new ArrayDeque<>();
      connection.reading(false);
    }
    if (early.size() == EARLY_FRAMES_MAX) {
      protocolError("too_early");
      connection.send(
          Answers.error(
              frame.getMsgId(), ErrorCode.WRONG_STATE, "not started yet", "wait for START_RESP"));
      close(CloseCode.MALFORMED);
      return;
    }
    early.add(new EarlyFrame(frame, receivedNanos));
  }

  private void onTooLate() {
    boolean waits =
        switch (state) {
          case ATTACHED, WARM, CLOSING, CLOSED -> false;
          default -> true;
        };
    if (waits) {
      protocolError("first_message_timeout");
      connection.send(
          Answers.error(0, ErrorCode.UNAUTHENTICATED, "no START in time", "expected: within 10 s"));
      close(CloseCode.FIRST_MESSAGE_TIMEOUT);
    }
  }

  private void stopTimer() {
    if (startTimer != null) {
      startTimer.stop();
      startTimer = null;
    }
  }

  private void protocolError(String kind) {
    door.troubles().protocolError(kind, connection.remoteAddress());
  }

  private void close(CloseCode code) {
    state = State.CLOSING;
    connection.close(code);
  }

  private Attachment attached() {
    if (attachment == null) {
      throw new IllegalStateException("no attachment while " + state);
    }
    return attachment;
  }
}
