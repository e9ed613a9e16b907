package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkEnd;
import dev.gatesvr.backup.link.LinkHandler;
import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.role.LinkSide;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.gateway.replica.StandbySessions;
import dev.gatesvr.proto.HandOver;
import dev.gatesvr.proto.LeadershipValue;
import dev.gatesvr.proto.LogAck;
import dev.gatesvr.proto.LogBatch;
import dev.gatesvr.proto.LogPosition;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import dev.gatesvr.proto.PairRole;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The link that this gateway dialled: what the primary has comes in here. On the pair's loop. */
final class FollowingSide implements LinkHandler {
  private static final Logger log = LoggerFactory.getLogger(FollowingSide.class);

  /** Less than the primary waits before it leads on. */
  private static final long HAND_OVER_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final StandbySessions standby;
  private final TokenKeys keys;
  private final Consumer<RoleInput> inputs;
  private final LongSupplier nanoTime;
  private @Nullable PairLink link;
  private boolean whole;
  private long resyncs;

  /** Came before the last entries, which another loop of the primary sends. */
  private @Nullable HandOver handOver;

  private long handOverNanos;

  FollowingSide(
      StandbySessions standby, TokenKeys keys, Consumer<RoleInput> inputs, LongSupplier nanoTime) {
    this.standby = standby;
    this.keys = keys;
    this.inputs = inputs;
    this.nanoTime = nanoTime;
  }

  @Nullable PairLink link() {
    return link;
  }

  /** Snapshots that were asked for because the thread was lost. */
  long resyncs() {
    return resyncs;
  }

  @Override
  public void onUp(PairLink newLink, PairHello peer) {
    link = newLink;
    handOver = null;
    PairBeat beat = peer.getBeat();
    followPrimary(peer.getIncarnation(), beat);
    inputs.accept(
        new RoleInput.LinkUp(
            LinkSide.FOLLOWER,
            peer.getServerId(),
            peer.getIncarnation(),
            beat.getRole(),
            LeadershipWire.fromWire(beat.getLeadership())));
    sendPosition(newLink);
  }

  /** A position of another primary or term is void; the new one is said at once. */
  private boolean followPrimary(String incarnation, PairBeat beat) {
    LeadershipValue value = beat.getLeadership();
    boolean leads =
        beat.getRole() == PairRole.PAIR_PRIMARY && value.getLeader().equals(incarnation);
    LogPosition now = standby.position();
    boolean same = now.getLeader().equals(incarnation) && now.getTerm() == value.getTerm();
    if (!leads || same) {
      return false;
    }
    standby.follow(incarnation, value.getTerm());
    tellWhole();
    return true;
  }

  private void sendPosition(PairLink to) {
    to.send(PairFrame.newBuilder().setPosition(standby.position()).build());
  }

  @Override
  public void onFrame(PairLink from, PairFrame frame) {
    switch (frame.getBodyCase()) {
      case BEAT -> {
        PairBeat beat = frame.getBeat();
        if (followPrimary(from.peer().incarnation(), beat)) {
          sendPosition(from);
        }
        inputs.accept(
            new RoleInput.BeatHeard(
                LinkSide.FOLLOWER, beat.getRole(), LeadershipWire.fromWire(beat.getLeadership())));
      }
      case BATCH -> onBatch(from, frame.getBatch());
      case HAND_OVER -> onHandOver(frame.getHandOver());
      case KEYS -> adopt(frame.getKeys().getResumeTokenKeys());
      default -> from.close("a follower takes no " + frame.getBodyCase());
    }
  }

  private void adopt(String lines) {
    try {
      keys.adopt(lines);
    } catch (IllegalArgumentException e) {
      log.warn("the primary's token keys cannot be used: {}", e.getMessage());
    }
  }

  private void onBatch(PairLink from, LogBatch batch) {
    LogAck.Builder ack = LogAck.newBuilder().setLog(batch.getLog()).setTerm(batch.getTerm());
    switch (standby.apply(batch, nanoTime.getAsLong())) {
      case StandbySessions.Applied applied -> {
        tellWhole();
        from.send(PairFrame.newBuilder().setAck(ack.setLsn(applied.lsn())).build());
        takeHandOver();
      }
      case StandbySessions.Lost lost -> {
        resyncs++;
        log.error("the standby lost the thread and asks for a snapshot: {}", lost.why());
        tellWhole();
        from.send(PairFrame.newBuilder().setAck(ack.setResync(lost.why())).build());
      }
      case StandbySessions.Ignored ignored -> {}
    }
  }

  private void tellWhole() {
    boolean now = standby.whole();
    if (now != whole) {
      whole = now;
      inputs.accept(now ? new RoleInput.Joined() : new RoleInput.SnapshotBegun());
    }
  }

  private void onHandOver(HandOver offered) {
    handOver = offered;
    handOverNanos = nanoTime.getAsLong();
    takeHandOver();
    if (handOver != null) {
      log.info("a hand-over came before everything else, and waits for it");
    }
  }

  /** Takes the lead that was offered, once everything that belongs to it is here. */
  private void takeHandOver() {
    HandOver offered = handOver;
    if (offered == null) {
      return;
    }
    if (nanoTime.getAsLong() - handOverNanos > HAND_OVER_WAIT_NANOS) {
      handOver = null;
      log.warn("everything else came too late after a hand-over: it is not followed");
    } else if (holdsAll(offered)) {
      handOver = null;
      inputs.accept(new RoleInput.HandOverReceived(offered.getTerm()));
    }
  }

  private boolean holdsAll(HandOver offered) {
    LogPosition mine = standby.position();
    List<Long> last = offered.getLastLsnList();
    boolean all = mine.getTerm() == offered.getTerm() && standby.whole();
    for (int i = 0; all && i < last.size(); i++) {
      all = i < mine.getAppliedLsnCount() && mine.getAppliedLsn(i) >= last.get(i);
    }
    return all;
  }

  /** The sessions were taken out, or are void. */
  void taken() {
    whole = false;
  }

  @Override
  public void onWritable(PairLink writable) {}

  @Override
  public void onDown(PairLink down, LinkEnd end, String reason) {
    if (down.equals(link)) {
      link = null;
      log.info("the link to the primary is over ({}): {}", end, reason);
      if (end != LinkEnd.LOCAL) {
        inputs.accept(new RoleInput.LinkDown(LinkSide.FOLLOWER, Ends.of(end)));
      }
    }
  }

  @Override
  public void onDialFailed(InetSocketAddress address, LinkEnd end, String reason) {
    inputs.accept(new RoleInput.LinkDown(LinkSide.FOLLOWER, Ends.of(end)));
  }
}
