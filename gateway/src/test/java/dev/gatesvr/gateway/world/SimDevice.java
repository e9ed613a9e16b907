package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.client.core.Call;
import dev.gatesvr.client.core.ClientCore;
import dev.gatesvr.client.core.ClientOutput;
import dev.gatesvr.client.core.ClientSettings;
import dev.gatesvr.client.core.ClientState;
import dev.gatesvr.client.core.Credential;
import dev.gatesvr.client.core.Inbound;
import dev.gatesvr.client.core.Player;
import dev.gatesvr.client.core.ServerAddress;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.testkit.sim.ByteLink;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.SendResult;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One run of a player's application on a real client core. */
final class SimDevice implements ClientOutput {
  static final int INBOUND_MAX = 6;
  private static final long MILLI = 1_000_000;
  private static final List<ServerAddress> GATEWAYS = List.of(new ServerAddress("gateway", 1));

  final String openid;
  private final World world;
  private final ClientCore core;
  private final Application application;
  private final ArrayDeque<Inbound> inbox = new ArrayDeque<>();
  private final List<ByteString> tokens = new ArrayList<>();
  private final boolean slow;
  private boolean handling;
  private long scheduledNanos = ClientCore.NEVER;
  private @Nullable Link link;

  SimDevice(World world, String openid, int number) {
    this.world = world;
    this.openid = openid;
    this.slow = world.time().oneIn(6);
    this.application = new Application(openid + "." + number, world);
    ClientSettings settings =
        ClientSettings.defaults()
            .withTimers(
                new ClientSettings.Timers(60 * MILLI, 90 * MILLI, 1_000 * MILLI, false, 5 * MILLI))
            .withBounds(new ClientSettings.Bounds(8, 100, INBOUND_MAX, 4, 3))
            .withReconnect(
                new ClientSettings.Reconnect(
                    5 * MILLI, 80 * MILLI, Integer.MAX_VALUE, 100 * MILLI));
    Player player = new Player(openid, new Credential.Fixed("login"));
    core = new ClientCore(player, settings, GATEWAYS, world.time().random()::nextDouble, 0, this);
  }

  void connect() {
    core.connect(now());
    reschedule();
  }

  boolean closed() {
    return core.state() == ClientState.CLOSED;
  }

  boolean atRest() {
    return closed() ? inbox.isEmpty() : core.state() == ClientState.READY && inbox.isEmpty();
  }

  Application application() {
    return application;
  }

  /** How far the application handled the session's history. */
  long handledIn(SimSession session) {
    return application.handledIn(session);
  }

  // ---------------------------------------------------------------- what the world does to it

  void request() {
    String name = application.newRequest();
    BusinessRequest request = BusinessRequest.newBuilder().setAction(name).build();
    long deadline = now() + (200 + world.time().random().nextInt(3_000)) * MILLI;
    Call call = new Call(request.toByteString(), deadline, outcome -> {});
    application.called(call, name);
    core.request(call, now());
    reschedule();
  }

  void cut() {
    if (link != null && link.opened) {
      link.bytes.cut();
    }
  }

  /** Puts the application into the background, and back. */
  void nap() {
    if (!closed()) {
      core.suspend(now());
      world
          .time()
          .after(
              world.delay(world.time().oneIn(3) ? 4_000 : 400),
              () -> {
                if (!closed()) {
                  core.resume(now());
                  reschedule();
                }
              });
      reschedule();
    }
  }

  // ---------------------------------------------------------------- tokens, for thieves

  /** The gateway gave out another token for a session of this device. */
  void given(ByteString token) {
    tokens.add(token);
  }

  /** Every token this device was ever given, oldest first. */
  List<ByteString> tokens() {
    return tokens;
  }

  // ---------------------------------------------------------------- effects of the core

  @Override
  public void dial(ServerAddress address) {
    Link dialled = new Link();
    link = dialled;
    world
        .time()
        .after(
            world.delay(30),
            () -> {
              if (link != dialled) {
                return;
              }
              if (world.chaos() && world.time().oneIn(8)) {
                link = null;
                lost(CloseCode.CONNECTION_LOST, false);
              } else {
                dialled.open();
              }
            });
  }

  @Override
  public void askToken() {
    throw new AssertionError("the token is fixed");
  }

  @Override
  public void dialWarm(ServerAddress address) {
    throw new AssertionError("no gateway here has a partner");
  }

  @Override
  public SendResult sendWarm(ClientRequest message) {
    throw new AssertionError("no gateway here has a partner");
  }

  @Override
  public void hangUpWarm(CloseCode code) {
    throw new AssertionError("no gateway here has a partner");
  }

  @Override
  public void promoteWarm() {
    throw new AssertionError("no gateway here has a partner");
  }

  @Override
  public SendResult send(ClientRequest message) {
    Link now = link;
    if (now == null) {
      return SendResult.CLOSED;
    }
    return now.bytes.client().send(message.toByteArray())
        ? SendResult.SENT
        : SendResult.BACKPRESSURED;
  }

  @Override
  public void hangUp(CloseCode code) {
    assertThat(code)
        .as("the client finds no fault with its gateway")
        .isIn(CloseCode.NORMAL, CloseCode.DEAD_PEER);
    Link old = link;
    link = null;
    if (old != null && old.opened) {
      old.bytes.client().close(code.wireCode());
    }
  }

  @Override
  public void reading(boolean enabled) {
    if (link != null && link.opened) {
      link.bytes.client().reading(enabled);
    }
  }

  @Override
  public void deliver(Inbound inbound) {
    application.given(inbound);
    inbox.add(inbound);
    assertThat(inbox.size()).as("the application's queue").isLessThan(INBOUND_MAX + 200);
    handleLater();
  }

  private void handleLater() {
    if (!handling) {
      handling = true;
      long wait = world.chaos() && slow ? world.delay(1_500) : world.delay(2);
      world.time().after(wait, this::handle);
    }
  }

  private void handle() {
    handling = false;
    int count = 0;
    Inbound.Position newest = Inbound.Position.NONE;
    int most = 1 + world.time().random().nextInt(4);
    while (count < most && !inbox.isEmpty()) {
      Inbound next = inbox.remove();
      count++;
      if (next.position().seq() != 0) {
        newest = next.position();
        application.handled(newest);
      }
    }
    core.onHandled(count, newest, now());
    reschedule();
    if (!inbox.isEmpty()) {
      handleLater();
    }
  }

  // ---------------------------------------------------------------- connections and time

  private final class Link implements ByteLink.Peer {
    final ByteLink bytes =
        new ByteLink(world.time(), 300 + world.time().random().nextInt(2_000), world.delay(15));

    boolean opened;

    void open() {
      opened = true;
      bytes.client().listen(this);
      new SimConnection(world.gateway(), SimDevice.this, bytes.server()).listen();
      core.onConnected(now());
      reschedule();
    }

    @Override
    public void onFrame(byte[] frame) {
      if (link != this) {
        return;
      }
      try {
        ServerPush push = ServerPush.parseFrom(frame);
        if (push.getType() == PushType.PUSH_START_RESP) {
          StartResponse response = StartResponse.parseFrom(push.getPayload());
          if (response.getSuccess()) {
            application.attachedTo(world.sessionOfEpoch(response.getEpoch()));
          }
        }
        core.onFrame(push, now());
        reschedule();
      } catch (InvalidProtocolBufferException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void onWritable() {
      if (link == this) {
        core.onWritable(now());
        reschedule();
      }
    }

    @Override
    public void onClosed(int code) {
      if (link == this) {
        link = null;
        lost(code < 0 ? CloseCode.CONNECTION_LOST : CloseCode.ofWire(code), code >= 0);
      }
    }
  }

  private void lost(CloseCode code, boolean byPeer) {
    core.onDisconnected(new CloseReason(code, byPeer, ""), now());
    reschedule();
  }

  private void reschedule() {
    long deadline = core.nextDeadlineNanos();
    if (deadline < scheduledNanos) {
      scheduledNanos = deadline;
      world.time().at(deadline, () -> onDue(deadline));
    }
  }

  private void onDue(long scheduled) {
    if (scheduled == scheduledNanos) {
      scheduledNanos = ClientCore.NEVER;
      core.onTime(now());
      reschedule();
    }
  }

  private long now() {
    return world.time().nowNanos();
  }

  @Override
  public String toString() {
    return "device of " + openid;
  }
}
