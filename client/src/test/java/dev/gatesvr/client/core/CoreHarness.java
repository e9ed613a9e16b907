package dev.gatesvr.client.core;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.ArrayList;
import java.util.List;

/** A core whose world is two lists, and a clock that moves when told to. */
final class CoreHarness implements ClientOutput {
  static final long MILLI = 1_000_000;

  final List<ClientRequest> sent = new ArrayList<>();
  final List<Inbound> delivered = new ArrayList<>();
  static final ServerAddress FIRST = new ServerAddress("first", 1);
  static final ServerAddress SECOND = new ServerAddress("second", 2);

  final List<ServerAddress> dialled = new ArrayList<>();
  final List<Boolean> reading = new ArrayList<>();
  final List<CloseCode> hungUp = new ArrayList<>();
  final List<ServerAddress> warmDialled = new ArrayList<>();
  final List<ClientRequest> warmSent = new ArrayList<>();
  int warmHungUp;
  int promoted;
  final ClientCore core;
  SendResult answer = SendResult.SENT;
  int tokensAsked;
  long now = 1_000_000_000;

  CoreHarness() {
    this(ClientSettings.defaults());
  }

  CoreHarness(ClientSettings settings) {
    this(settings, new Credential.Fixed("t"));
  }

  CoreHarness(ClientSettings settings, Credential credential) {
    core =
        new ClientCore(
            new Player("p", credential), settings, List.of(FIRST, SECOND), () -> 0.5, 0, this);
  }

  @Override
  public void dial(ServerAddress address) {
    dialled.add(address);
  }

  @Override
  public void askToken() {
    tokensAsked++;
  }

  @Override
  public SendResult send(ClientRequest message) {
    if (answer == SendResult.SENT) {
      sent.add(message);
    }
    return answer;
  }

  @Override
  public void hangUp(CloseCode code) {
    hungUp.add(code);
  }

  @Override
  public void dialWarm(ServerAddress address) {
    warmDialled.add(address);
  }

  @Override
  public SendResult sendWarm(ClientRequest message) {
    warmSent.add(message);
    return SendResult.SENT;
  }

  @Override
  public void hangUpWarm(CloseCode code) {
    warmHungUp++;
  }

  @Override
  public void promoteWarm() {
    promoted++;
  }

  @Override
  public void reading(boolean enabled) {
    reading.add(enabled);
  }

  @Override
  public void deliver(Inbound inbound) {
    delivered.add(inbound);
  }

  /** Connects and starts on a gateway that sends extension fields. */
  CoreHarness ready() {
    core.connect(now);
    core.onConnected(now);
    started(StartResponse.newBuilder().setEpoch(1).setNextClientSeqId(1));
    return this;
  }

  /** Connects and starts on a gateway that gives resume tokens and sends signals. */
  CoreHarness readyWithToken(String token) {
    core.connect(now);
    core.onConnected(now);
    started(withToken(token).setEpoch(1).setNextClientSeqId(1));
    // The first heartbeat leaves at once.
    core.onTime(now);
    return this;
  }

  static StartResponse.Builder withToken(String token) {
    return StartResponse.newBuilder().setResumeToken(ByteString.copyFromUtf8(token));
  }

  /** Loses the connection, comes back, and gets that answer to START. */
  void reconnect(StartResponse.Builder response) {
    reconnect();
    started(response);
  }

  /** Loses the connection and comes back as far as START. */
  void reconnect() {
    closed(new CloseReason(CloseCode.CONNECTION_LOST, false, ""));
    dialNow();
  }

  /** The gateway closes the connection. */
  void closed(CloseCode code) {
    closed(new CloseReason(code, true, ""));
  }

  private void closed(CloseReason reason) {
    core.onDisconnected(reason, now);
  }

  /** Connects without waiting, as far as START. */
  void dialNow() {
    core.resume(now);
    core.onConnected(now);
  }

  /** The newest START. */
  StartRequest start() {
    try {
      return StartRequest.parseFrom(sent(RequestType.REQUEST_START).getLast().getPayload());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  void started(StartResponse.Builder response) {
    frame(PushType.PUSH_START_RESP, 0, 0, response.setSuccess(true).build());
  }

  void refused(int code) {
    StartResponse response =
        StartResponse.newBuilder()
            .setError(ErrorMessage.newBuilder().setErrorCode(code).setRetryAfterMs(30))
            .build();
    frame(PushType.PUSH_START_RESP, 0, 0, response);
  }

  void frame(PushType type, int msgId, long seq, MessageLite payload) {
    core.onFrame(
        ServerPush.newBuilder()
            .setType(type)
            .setMsgId(msgId)
            .setSeqId(seq)
            .setPayload(payload.toByteString())
            .build(),
        now);
  }

  void push(long seq) {
    frame(PushType.PUSH_BUSINESS_DATA, 0, seq, StartResponse.getDefaultInstance());
  }

  void answer(ClientRequest request, long seq) {
    frame(PushType.PUSH_BUSINESS_DATA, request.getMsgId(), seq, StartResponse.getDefaultInstance());
  }

  void refuse(ClientRequest request, int retryAfterMillis) {
    ErrorMessage error =
        ErrorMessage.newBuilder()
            .setErrorCode(503)
            .setRetrySameSeq(true)
            .setRetryAfterMs(retryAfterMillis)
            .build();
    frame(PushType.PUSH_ERROR, request.getMsgId(), 0, error);
  }

  /** Asks, with a deadline so many milliseconds from now; the outcome comes into the list. */
  List<Outcome> ask(String name, long patienceMillis) {
    List<Outcome> outcome = new ArrayList<>();
    core.request(
        new Call(ByteString.copyFromUtf8(name), now + patienceMillis * MILLI, outcome::add), now);
    return outcome;
  }

  void later(long millis) {
    now += millis * MILLI;
    core.onTime(now);
  }

  /** The application returns from everything it was given. */
  void handleAll() {
    Inbound.Position newest = Inbound.Position.NONE;
    int count = delivered.size();
    for (Inbound inbound : delivered) {
      newest = inbound.position().seq() == 0 ? newest : inbound.position();
      if (inbound instanceof Inbound.Ended ended) {
        ended.call().completion().accept(ended.outcome());
      }
    }
    delivered.clear();
    core.onHandled(count, newest, now);
  }

  List<ClientRequest> sent(RequestType type) {
    return sent.stream().filter(request -> request.getType() == type).toList();
  }

  /** What was asked, as {@code name@seq}. */
  List<String> business() {
    return sent(RequestType.REQUEST_BUSINESS).stream()
        .map(request -> request.getPayload().toStringUtf8() + "@" + request.getSeqId())
        .toList();
  }

  <I extends Inbound> List<I> delivered(Class<I> type) {
    return delivered.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
