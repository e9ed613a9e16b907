package dev.gatesvr.client.core;

import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.Gap;
import dev.gatesvr.proto.Kicked;
import dev.gatesvr.proto.Resync;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.transport.CloseReason;
import java.util.List;

/**
 * Something for the application, in the order in which it must learn of it. Each one is reported
 * back with {@link ClientCore#onHandled} after the application returned from it.
 */
public sealed interface Inbound {
  /**
   * Where this stands in the history.
   *
   * @return {@link Position#NONE} for what is outside of it
   */
  default Position position() {
    return Position.NONE;
  }

  /**
   * @param generation counts the histories this client has seen, so that what was handled in one is
   *     never acknowledged in the next
   * @param seq the server's seq_id, 0 outside of the history
   */
  record Position(int generation, long seq) {
    public static final Position NONE = new Position(0, 0);
  }

  /** A push of the zone. */
  record Pushed(Position position, ServerPush push) implements Inbound {}

  /** A request ended. */
  record Ended(Position position, Call call, Outcome outcome) implements Inbound {}

  /** A message with a position that concerns nobody any more, such as a late answer. */
  record Skipped(Position position) implements Inbound {}

  /** The gateway complains about the session, not about one request. */
  record Complained(Position position, ErrorMessage error) implements Inbound {}

  /**
   * The client entered another state.
   *
   * @param why one line for people, empty on the ordinary way
   */
  record StateChanged(ClientState state, String why) implements Inbound {}

  /** The client is attached again after a lost connection, and nothing was lost in between. */
  record Resumed() implements Inbound {}

  /** Pushes may be missing: another history begins, and the application should load anew. */
  record Resynced(Resync.Reason reason, String detail) implements Inbound {}

  /**
   * Pushes that were declared droppable will never come.
   *
   * @param position of the newest of them
   * @param firstSeq position of the oldest of them
   */
  record Missed(Position position, long firstSeq, Gap.Reason reason) implements Inbound {}

  /**
   * The session goes on at another gateway of its pair; {@link Resumed} or {@link Resynced} follows
   * and says how.
   */
  record FailedOver(ServerAddress to) implements Inbound {}

  /** The gateway ended the session for good; {@link Closed} follows. */
  record KickedOut(Kicked.Reason reason, String detail) implements Inbound {}

  /**
   * The gateway asks to come back elsewhere or later, which the client does by itself.
   *
   * @param addresses where to, best first; empty: to the client's own gateways
   * @param waitNanos not before
   */
  record SentAway(List<ServerAddress> addresses, long waitNanos) implements Inbound {}

  /** The client is closed and says no more. */
  record Closed(CloseReason reason) implements Inbound {}
}
