package dev.gatesvr.bench.load;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.HeartbeatRequest;
import dev.gatesvr.proto.RequestType;
import java.util.Arrays;

/**
 * What players send. The payload is serialized once; only the numbers differ between requests.
 *
 * @param kind which request
 * @param session true to log in with START first; a bare server knows no sessions
 * @param payloadBytes of a BUSINESS request's data
 * @param acks when answers are acknowledged
 */
public record Traffic(Kind kind, boolean session, int payloadBytes, Acks acks) {
  private static final int PAYLOAD_BYTES_MAX = 1_000_000;

  public Traffic {
    if (payloadBytes < 0 || payloadBytes > PAYLOAD_BYTES_MAX) {
      throw new IllegalArgumentException(
          "payload: " + payloadBytes + " (expected: 0 to " + PAYLOAD_BYTES_MAX + ")");
    }
  }

  /** Which request is measured. */
  public enum Kind {
    /** Answered by the gateway itself. */
    HEARTBEAT,
    /** The action {@code echo} of the player's zone. */
    BUSINESS
  }

  /** When a player acknowledges pushes that have a sequence number. */
  public enum Acks {
    /** Each at once, as the existing clients do. */
    EACH,
    /** Together with the next request, or when {@link Player#ACKS_HELD_MAX} wait. */
    PIGGYBACK
  }

  /** The same without sessions. */
  public Traffic bare() {
    return new Traffic(kind, false, payloadBytes, acks);
  }

  RequestType type() {
    return switch (kind) {
      case HEARTBEAT -> RequestType.REQUEST_HEARTBEAT;
      case BUSINESS -> RequestType.REQUEST_BUSINESS;
    };
  }

  /** A request that lacks only its numbers. */
  ClientRequest template() {
    return ClientRequest.newBuilder().setType(type()).setPayload(payload()).build();
  }

  private ByteString payload() {
    return switch (kind) {
      case HEARTBEAT ->
          HeartbeatRequest.newBuilder()
              .setClientTimestamp(System.currentTimeMillis())
              .build()
              .toByteString();
      case BUSINESS -> {
        byte[] data = new byte[payloadBytes];
        Arrays.fill(data, (byte) 'x');
        yield BusinessRequest.newBuilder()
            .setAction("echo")
            .setData(ByteString.copyFrom(data))
            .build()
            .toByteString();
      }
    };
  }
}
