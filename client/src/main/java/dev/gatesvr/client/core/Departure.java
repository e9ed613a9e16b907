package dev.gatesvr.client.core;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.GoAway;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A gateway's request to come back elsewhere or later, reduced to what can be followed: at most
 * {@value #ADDRESSES_MAX} addresses, of the form {@code host:port}, and a wait of at most an hour.
 *
 * @param addresses where to go, best first; empty: wherever the client likes
 * @param waitNanos not before
 */
record Departure(List<ServerAddress> addresses, long waitNanos) {
  private static final int ADDRESSES_MAX = 16;

  /** A longer wait is a mistake, and would look like a dead client to its player. */
  private static final long WAIT_NANOS_MAX = TimeUnit.HOURS.toNanos(1);

  /** Reads a message of type GO_AWAY; garbage in it is left out. */
  static Departure of(ServerPush push) {
    try {
      GoAway goAway = GoAway.parseFrom(push.getPayload());
      return new Departure(usable(goAway.getAddressesList()), waitNanos(goAway.getRetryAfterMs()));
    } catch (InvalidProtocolBufferException e) {
      return new Departure(List.of(), 0);
    }
  }

  /**
   * A gateway's wish, bounded.
   *
   * @param retryAfterMs unsigned, as protobuf's uint32 comes
   */
  static long waitNanos(int retryAfterMs) {
    return Math.min(
        WAIT_NANOS_MAX, TimeUnit.MILLISECONDS.toNanos(Integer.toUnsignedLong(retryAfterMs)));
  }

  /** What can be dialled of addresses that a gateway named, in their order. */
  static List<ServerAddress> usable(List<String> texts) {
    List<ServerAddress> usable = new ArrayList<>();
    for (String text : texts) {
      if (usable.size() < ADDRESSES_MAX && !namesNoMachine(text)) {
        addIfReadable(text, usable);
      }
    }
    return List.copyOf(usable);
  }

  /** An empty or a wildcard host would mean this machine, which is no news from another one. */
  private static boolean namesNoMachine(String text) {
    return text.startsWith(":") || text.startsWith("0.0.0.0:") || text.startsWith("[::]:");
  }

  private static void addIfReadable(String text, List<ServerAddress> usable) {
    try {
      usable.add(ServerAddress.parse(text));
    } catch (IllegalArgumentException e) {
      // A newer gateway may name what this client cannot dial; the others still help.
    }
  }
}
