package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.log.Batch;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.gateway.replica.FollowerPort;
import dev.gatesvr.proto.LogBatch;
import dev.gatesvr.proto.PairFrame;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One follower that is let have the logs. Its methods run on the shards' loops and pass on to the
 * pair's.
 */
final class Admission implements FollowerPort {
  private final PairLink link;
  private final long number;
  private final long term;
  private final int logs;
  private final Executor loop;
  private final Consumer<RoleInput> inputs;

  // Confined to the pair's loop.
  private int caughtUp;
  private boolean over;

  Admission(
      PairLink link, long number, long term, int logs, Executor loop, Consumer<RoleInput> inputs) {
    this.link = link;
    this.number = number;
    this.term = term;
    this.logs = logs;
    this.loop = loop;
    this.inputs = inputs;
  }

  PairLink link() {
    return link;
  }

  /** Nothing of it counts any more. */
  void end() {
    over = true;
  }

  @Override
  public void send(int log, Batch batch) {
    PairFrame frame =
        PairFrame.newBuilder()
            .setBatch(
                LogBatch.newBuilder()
                    .setLog(log)
                    .setLogs(logs)
                    .setTerm(term)
                    .setFirstLsn(batch.firstLsn())
                    .addAllEntries(batch.entries()))
            .build();
    loop.execute(() -> write(frame));
  }

  /** The windows of all logs fit into the link's buffer, so a full one is a fault. */
  private void write(PairFrame frame) {
    if (!over && !link.send(frame)) {
      link.close("the link's buffer is full");
    }
  }

  @Override
  public void caughtUp(int log) {
    loop.execute(
        () -> {
          caughtUp++;
          if (caughtUp == logs && !over) {
            inputs.accept(new RoleInput.CaughtUp(link.peer().incarnation(), number));
          }
        });
  }

  @Override
  public void dropped(int log, String why) {
    loop.execute(
        () -> {
          if (!over) {
            inputs.accept(new RoleInput.ResyncNeeded(link.peer().incarnation()));
          }
        });
  }
}
