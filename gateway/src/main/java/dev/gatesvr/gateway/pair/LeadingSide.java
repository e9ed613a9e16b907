package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkAcceptor;
import dev.gatesvr.backup.link.LinkEnd;
import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.role.LinkSide;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.proto.LogAck;
import dev.gatesvr.proto.LogPosition;
import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import dev.gatesvr.proto.PairKeys;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that the other gateway dialled: what this one has goes out here while it leads. On the
 * pair's loop.
 *
 * <p>A follower is let in when both have come: the role machine's word, and its own position.
 */
final class LeadingSide implements LinkAcceptor {
  private static final Logger log = LoggerFactory.getLogger(LeadingSide.class);

  private final Executor loop;
  private final Logs fleet;
  private final String incarnation;
  private final PairPort port;
  private final LongSupplier term;
  private final Consumer<RoleInput> inputs;
  private @Nullable PairLink link;
  private @Nullable LogPosition position;
  private long admissionWanted;
  private boolean resumeWanted;
  private @Nullable Admission admission;
  private String keysSent = "";

  LeadingSide(
      Executor loop,
      Logs fleet,
      String incarnation,
      PairPort port,
      LongSupplier term,
      Consumer<RoleInput> inputs) {
    this.loop = loop;
    this.fleet = fleet;
    this.incarnation = incarnation;
    this.port = port;
    this.term = term;
    this.inputs = inputs;
  }

  @Nullable PairLink link() {
    return link;
  }

  @Override
  public void onUp(PairLink newLink, PairHello peer) {
    link = newLink;
    position = null;
    keysSent = "";
    log.info("{} follows from {}", peer.getIncarnation(), newLink.peer().address());
    inputs.accept(
        new RoleInput.LinkUp(
            LinkSide.SOURCE,
            peer.getServerId(),
            peer.getIncarnation(),
            peer.getBeat().getRole(),
            LeadershipWire.fromWire(peer.getBeat().getLeadership())));
  }

  @Override
  public void onFrame(PairLink from, PairFrame frame) {
    switch (frame.getBodyCase()) {
      case BEAT -> {
        PairBeat beat = frame.getBeat();
        inputs.accept(
            new RoleInput.BeatHeard(
                LinkSide.SOURCE, beat.getRole(), LeadershipWire.fromWire(beat.getLeadership())));
      }
      case POSITION -> {
        position = frame.getPosition();
        admitWhenBothCame();
      }
      case ACK -> onAck(from, frame.getAck());
      default -> from.close("a primary takes no " + frame.getBodyCase());
    }
  }

  private void onAck(PairLink from, LogAck ack) {
    Admission now = admission;
    if (now == null || ack.getTerm() != term.getAsLong()) {
      return;
    }
    if (ack.getLog() < 0 || ack.getLog() >= fleet.size()) {
      from.close("log: " + ack.getLog() + " (expected: < " + fleet.size() + ")");
    } else if (!ack.getResync().isEmpty()) {
      log.error("the standby lost the thread: {}", ack.getResync());
      inputs.accept(new RoleInput.ResyncNeeded(from.peer().incarnation()));
    } else {
      fleet.onAck(
          now,
          ack.getLog(),
          ack.getLsn(),
          () -> loop.execute(() -> from.close("ack: " + ack.getLsn() + " was never sent")));
    }
  }

  /** The role machine lets the follower have the logs. */
  void admit(long number) {
    end();
    admissionWanted = number;
    admitWhenBothCame();
  }

  private void admitWhenBothCame() {
    PairLink to = link;
    LogPosition from = position;
    if (to == null || from == null || (admissionWanted == 0 && !resumeWanted)) {
      return;
    }
    boolean mine = from.getLeader().equals(incarnation) && from.getTerm() == term.getAsLong();
    List<Long> applied = mine ? from.getAppliedLsnList() : List.of();
    Admission begun =
        new Admission(to, admissionWanted, term.getAsLong(), fleet.size(), loop, inputs);
    admission = begun;
    admissionWanted = 0;
    // Used once: another admission on the same link begins with a snapshot.
    position = LogPosition.getDefaultInstance();
    if (resumeWanted) {
      resumeWanted = false;
      fleet.resume(begun, applied);
    } else {
      fleet.follow(begun, applied, port.registrations());
    }
  }

  /** The follower in sync is back: it gets the tail of the logs, never a snapshot. */
  void resume() {
    end();
    resumeWanted = true;
    admitWhenBothCame();
  }

  /** What was let out to the follower ends; it stays on the link. */
  void end() {
    Admission old = admission;
    admission = null;
    admissionWanted = 0;
    resumeWanted = false;
    if (old != null) {
      old.end();
      fleet.unfollow(old);
    }
  }

  /** Gives the follower the keys of resume tokens, when there are newer ones than it has. */
  void sendKeys() {
    PairLink to = link;
    String lines = port.lines();
    if (to != null && !lines.equals(keysSent)) {
      boolean sent =
          to.send(
              PairFrame.newBuilder()
                  .setKeys(PairKeys.newBuilder().setResumeTokenKeys(lines))
                  .build());
      keysSent = sent ? lines : keysSent;
    }
  }

  @Override
  public void onWritable(PairLink writable) {}

  @Override
  public void onDown(PairLink down, LinkEnd end, String reason) {
    if (down.equals(link)) {
      link = null;
      position = null;
      end();
      log.info("the follower's link is over ({}): {}", end, reason);
      inputs.accept(new RoleInput.LinkDown(LinkSide.SOURCE, Ends.of(end)));
    }
  }
}
