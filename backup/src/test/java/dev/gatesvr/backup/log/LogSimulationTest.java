package dev.gatesvr.backup.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.backup.log.FollowerLog.Apply;
import dev.gatesvr.backup.log.FollowerLog.Gap;
import dev.gatesvr.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A primary and a follower over connections that break, lose batches and reorder acknowledgements.
 * The state of both is the list of all numbers ever added; a snapshot carries it whole, in pieces.
 */
class LogSimulationTest {
  private static final int STEPS = 400;
  private static final LogLimits LIMITS = new LogLimits(200, 40, 2_000, 6, 120, 300);

  @Test
  void theFollowerHoldsWhatIsSecured() {
    int[] met = new int[3];
    Seeds.each(
        "backup",
        "LogSimulationTest#theFollowerHoldsWhatIsSecured",
        2_000,
        seed -> {
          Simulation simulation = Simulation.run(seed);
          met[0] += simulation.snapshots;
          met[1] += simulation.resumes;
          met[2] += simulation.gaps;
        });
    if (System.getProperty("seed") != null) {
      return;
    }
    assertThat(met)
        .as("seeds that met none are no proof: snapshots, resumes, gaps")
        .doesNotContain(0);
  }

  private static final class Simulation {
    private final Random random;
    private final ReplicationLog log = new ReplicationLog(LIMITS);

    /** What the primary's state was at each number: how many values of {@link #values}. */
    private final List<Integer> sizeAt = new ArrayList<>();

    private final List<Integer> values = new ArrayList<>();
    private final Deque<Batch> toFollower = new ArrayDeque<>();
    private final List<Long> toPrimary = new ArrayList<>();
    private long term = 1;
    private boolean connected;
    private boolean resyncAsked;
    private int snapshotAt = -1;
    private int snapshotSize;

    private FollowerLog follower = new FollowerLog();
    private final List<Integer> held = new ArrayList<>();
    private int snapshots;
    private int resumes;
    private int gaps;

    private Simulation(long seed) {
      random = new Random(seed);
      sizeAt.add(0);
    }

    static Simulation run(long seed) {
      Simulation simulation = new Simulation(seed);
      for (int step = 0; step < STEPS; step++) {
        simulation.step();
        simulation.check();
      }
      simulation.heal();
      return simulation;
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3, 4 -> add();
        case 5, 6, 7, 8 -> send();
        case 9, 10, 11, 12 -> arrive();
        case 13, 14, 15 -> acknowledge();
        case 16 -> snapshotPiece();
        case 17 -> rare(6, this::cut);
        case 18 -> rare(30, toFollower::poll);
        default -> rare(40, this::followerRestarts);
      }
      if (!connected && random.nextInt(8) == 0) {
        connect();
      }
    }

    private void rare(int oneIn, Runnable action) {
      if (random.nextInt(oneIn) == 0) {
        action.run();
      }
    }

    // -------------------------------------------------------------- primary

    private void add() {
      if (log.full()) {
        return;
      }
      int value = random.nextInt();
      values.add(value);
      note(log.append(ByteString.copyFromUtf8("+" + value)));
    }

    private void note(long lsn) {
      while (sizeAt.size() <= lsn) {
        sizeAt.add(values.size());
      }
      sizeAt.set((int) lsn, values.size());
    }

    private void send() {
      Batch batch = connected ? log.next() : null;
      if (batch != null) {
        long bytes = batch.entries().stream().mapToLong(e -> e.size() + 8).sum();
        assertThat(batch.entries()).hasSizeLessThanOrEqualTo(LIMITS.batchEntriesMax());
        assertThat(bytes <= LIMITS.batchBytesMax() || batch.entries().size() == 1).isTrue();
        assertThat(log.unackedBytes() <= LIMITS.windowBytesMax() || log.unackedBytes() == bytes)
            .isTrue();
        toFollower.add(batch);
      }
    }

    private void beginSnapshot() {
      log.restart();
      note(log.append(ByteString.copyFromUtf8("begin")));
      snapshotAt = 0;
      snapshotSize = values.size();
      snapshots++;
    }

    /** Pieces are of the state as it was at the beginning; what came since stands in the log. */
    private void snapshotPiece() {
      if (snapshotAt < 0 || log.full()) {
        return;
      }
      if (snapshotAt < snapshotSize) {
        note(log.append(ByteString.copyFromUtf8("=" + snapshotAt + ":" + values.get(snapshotAt))));
        snapshotAt++;
      } else {
        note(log.endSnapshot(ByteString.copyFromUtf8("end")));
        snapshotAt = -1;
      }
    }

    private void acknowledge() {
      if (toPrimary.isEmpty()) {
        return;
      }
      long lsn = toPrimary.remove(random.nextInt(toPrimary.size()));
      long before = log.ackedLsn();
      assertThat(log.ack(lsn)).isEqualTo(lsn > before);
      assertThat(log.ackedLsn()).isEqualTo(Math.max(before, lsn));
    }

    // -------------------------------------------------------------- connection

    private void cut() {
      connected = false;
      toFollower.clear();
      toPrimary.clear();
      resyncAsked = false;
    }

    private void connect() {
      connected = true;
      long position = follower.term() == term ? follower.appliedLsn() : 0;
      if (log.canResumeAfter(position)) {
        log.resumeAfter(position);
        assertThat(log.ackedLsn()).isEqualTo(position);
        resumes++;
      } else {
        beginSnapshot();
      }
    }

    // -------------------------------------------------------------- follower

    private void followerRestarts() {
      cut();
      follower = new FollowerLog();
      held.clear();
    }

    private void arrive() {
      if (resyncAsked) {
        resyncAsked = false;
        beginSnapshot();
        return;
      }
      Batch batch = toFollower.poll();
      if (batch == null) {
        return;
      }
      boolean begins = text(batch.entries().getFirst()).equals("begin");
      switch (follower.accept(term, batch.firstLsn(), batch.entries().size(), begins)) {
        case Apply apply -> {
          batch.entries().stream().skip(apply.skip()).forEach(this::apply);
          toPrimary.add(follower.appliedLsn());
        }
        case Gap gap -> {
          assertThat(gap.firstLsn()).isGreaterThan(gap.expectedLsn());
          assertThat(resyncAsked).isFalse();
          resyncAsked = true;
          gaps++;
        }
        case FollowerLog.Ignore ignored -> assertThat(follower.lost()).isTrue();
      }
    }

    private void apply(ByteString entry) {
      String text = text(entry);
      if (text.equals("begin")) {
        held.clear();
        pieces.clear();
      } else if (text.equals("end")) {
        held.addAll(0, pieces);
        follower.endSnapshot();
      } else if (text.startsWith("=")) {
        assertThat(text).startsWith("=" + pieces.size() + ":");
        pieces.add(Integer.valueOf(text.substring(text.indexOf(':') + 1)));
      } else {
        held.add(Integer.valueOf(text.substring(1)));
      }
    }

    private final List<Integer> pieces = new ArrayList<>();

    private static String text(ByteString entry) {
      return entry.toString(StandardCharsets.UTF_8);
    }

    // -------------------------------------------------------------- claims

    private void check() {
      assertThat(log.ackedLsn()).isLessThanOrEqualTo(log.sentLsn());
      assertThat(log.sentLsn()).isLessThanOrEqualTo(log.lastLsn());
      assertThat(log.securedLsn()).isLessThanOrEqualTo(log.ackedLsn());
      assertThat(log.queuedEntries()).isLessThanOrEqualTo(LIMITS.entriesMax() + 2);
      if (follower.whole()) {
        int size = sizeAt.get((int) follower.appliedLsn());
        assertThat(held).isEqualTo(values.subList(0, size));
        assertThat(follower.appliedLsn()).isGreaterThanOrEqualTo(log.securedLsn());
      }
    }

    private void heal() {
      cut();
      connect();
      for (int i = 0; i < 10 * STEPS && !caughtUp(); i++) {
        snapshotPiece();
        send();
        arrive();
        acknowledge();
        check();
      }
      assertThat(caughtUp()).as("follower caught up").isTrue();
      assertThat(held).isEqualTo(values);
      assertThat(log.securedLsn()).isEqualTo(log.lastLsn());
      assertThat(log.queuedEntries()).isZero();
      assertThat(log.queuedBytes()).isZero();
      assertThat(log.unackedBytes()).isZero();
    }

    private boolean caughtUp() {
      return follower.whole() && log.ackedLsn() == log.lastLsn() && toPrimary.isEmpty();
    }
  }
}
