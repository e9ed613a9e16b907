package dev.gatesvr.gateway.pair;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.StartRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where players connect: as much edge as {@code PlayerConnection} has. */
final class SimDoor {
  /** START was accepted. */
  record Started(boolean resumed, long epoch, long nextClientSeq, ByteString token) {}

  /** START was not: the other gateway leads. */
  record NotPrimary() {}

  /** The token resumes nothing. */
  record Refused() {}

  /** This gateway took over. */
  record Offer() {}

  /** A heartbeat, either way. */
  record Beat() {}

  private static final Beat BEAT = new Beat();
  private final SimNode node;
  private final SimFleet fleet;
  private final Set<Visitor> warm = new LinkedHashSet<>();

  SimDoor(SimNode node, SimFleet fleet) {
    this.node = node;
    this.fleet = fleet;
  }

  void accept(SimLink.End end) {
    end.receiver(new Visitor(end));
  }

  void offerToAll() {
    List.copyOf(warm).forEach(visitor -> visitor.end.send(new Offer()));
  }

  /** One connection of a player. */
  final class Visitor implements SimLink.Receiver {
    private final SimLink.End end;
    private @Nullable SimSeat seat;

    Visitor(SimLink.End end) {
      this.end = end;
    }

    @Override
    public void onMessage(Object message) {
      SimSeat mine = seat;
      if (message instanceof StartRequest start) {
        start(start);
      } else if (message instanceof Beat) {
        end.send(BEAT);
        if (mine != null) {
          mine.onHeard(this);
        }
      } else if (mine != null) {
        mine.onFrame(this, message);
      }
    }

    private void start(StartRequest start) {
      warm.remove(this);
      if (!node.serves() || start.getWarm()) {
        end.send(new NotPrimary());
        if (!start.getWarm()) {
          end.close();
          return;
        }
        warm.add(this);
        if (node.serves()) {
          end.send(new Offer());
        }
      } else {
        SimShard shard = shardFor(start);
        shard.loop().execute(() -> begin(shard, start));
      }
    }

    private SimShard shardFor(StartRequest start) {
      SimPlayer.Claim claim = SimPlayer.Claim.open(start.getResumeToken());
      int player = Integer.parseInt(start.getOpenid());
      SimSeat existing =
          claim == null ? fleet.ofPlayer(player) : fleet.ofSessionId(claim.sessionId());
      return existing == null ? fleet.shardOf(player) : existing.shard();
    }

    private void begin(SimShard shard, StartRequest start) {
      if (end.over()) {
        return;
      }
      if (shardFor(start) != shard) {
        start(start);
        return;
      }
      shard.start(this, start);
    }

    void attached(SimSeat newSeat) {
      seat = newSeat;
    }

    void send(Object message) {
      end.send(message);
    }

    void refused() {
      end.send(new Refused());
    }

    void close() {
      warm.remove(this);
      end.close();
    }

    @Override
    public void onOver(boolean reset) {
      warm.remove(this);
      if (seat != null) {
        seat.onClosed(this);
      }
    }
  }
}
