package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.SessionOutput;
import org.jspecify.annotations.Nullable;

/** What a session does to the world, and the connection it is bound to. Confined to its shard. */
final class PlayerOutlet implements SessionOutput {
  private static final int NO_UPSTREAM_RETRY_MILLIS = 1_000;

  private final PlayerSession player;
  private @Nullable PlayerLink link;

  /** The link's START is not answered yet: nothing may come before the answer. */
  private boolean starting;

  PlayerOutlet(PlayerSession player) {
    this.player = player;
  }

  /** From now on messages go there, once its START was answered. */
  void bind(PlayerLink newLink) {
    link = newLink;
    starting = true;
  }

  void started() {
    starting = false;
  }

  /** The link that was bound, or null. */
  @Nullable PlayerLink unbind() {
    PlayerLink old = link;
    link = null;
    return old;
  }

  @Nullable PlayerLink link() {
    return link;
  }

  boolean isBound() {
    return link != null;
  }

  boolean isBoundTo(PlayerLink other) {
    return other.equals(link);
  }

  PlayerSession player() {
    return player;
  }

  @Override
  public boolean transmit(ServerPush push) {
    return link != null && !starting && link.transmit(push);
  }

  @Override
  public @Nullable Refusal admit() {
    SessionShard shard = player.shard();
    if (shard.replica().full() || shard.lead().frozen()) {
      return Answers.STANDBY_BEHIND;
    }
    return shard.serves(player.zone())
        ? shard.guard().admitRequest(System.nanoTime())
        : new Refusal(
            ErrorCode.UNAVAILABLE,
            "no upstream serves zone " + player.zone(),
            NO_UPSTREAM_RETRY_MILLIS);
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    new UpstreamCall(player, frame.getSeqId(), receivedNanos, System.nanoTime())
        .start(frame, request);
  }

  @Override
  public boolean memoryFull() {
    return player.shard().memoryFull();
  }

  @Override
  public void finished() {
    player.shard().guard().requestFinished();
  }

  @Override
  public void refused(int code) {
    player.shard().metrics().requestFinished(player.zone().toString(), code, 0);
  }

  @Override
  public void close(CloseCode code) {
    PlayerLink old = unbind();
    if (old != null) {
      old.close(code);
    }
    player.facts().detached();
  }
}
