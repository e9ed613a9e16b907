package dev.gatesvr.backup.role.world;

import dev.gatesvr.backup.role.LinkEnd;
import dev.gatesvr.backup.role.LinkSide;
import java.util.function.Consumer;

/** One connection between two processes. Each end has its own belief about whether it stands. */
final class Conn {
  final Proc dialler;
  final Proc acceptor;
  private final Pipe up;
  private final Pipe down;
  private boolean diallerOpen = true;
  private boolean acceptorOpen = true;

  Conn(PairWorld world, Proc dialler, Proc acceptor) {
    this.dialler = dialler;
    this.acceptor = acceptor;
    up = new Pipe(world.time, world.net, dialler.place, acceptor.place);
    down = new Pipe(world.time, world.net, acceptor.place, dialler.place);
  }

  boolean openAt(Proc end) {
    return end == dialler ? diallerOpen : acceptorOpen;
  }

  Proc other(Proc end) {
    return end == dialler ? acceptor : dialler;
  }

  LinkSide sideOf(Proc end) {
    return end == dialler ? LinkSide.FOLLOWER : LinkSide.SOURCE;
  }

  /** Sends something to the other end; it arrives if that end still stands then. */
  void send(Proc from, Consumer<Proc> arrival) {
    if (!openAt(from)) {
      return;
    }
    Proc to = other(from);
    (from == dialler ? up : down)
        .send(
            () ->
                to.post(
                    () -> {
                      if (openAt(to)) {
                        arrival.accept(to);
                      }
                    }));
  }

  /** One end closes, in words or by its death. */
  void close(Proc by, LinkEnd how) {
    send(
        by,
        to -> {
          shut(to);
          to.lost(this, how);
        });
    shut(by);
  }

  void shut(Proc end) {
    if (end == dialler) {
      diallerOpen = false;
    } else {
      acceptorOpen = false;
    }
  }
}
