package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.Limits;
import io.grpc.Metadata;

/** Bounds of the gRPC edges, each with its reason. */
public final class GrpcBounds {
  /** A frame's worth of payload, and room for the headers and names around it. */
  public static final int MESSAGE_BYTES_MAX = Limits.FRAME_BYTES_MAX + 64 * 1024;

  /** Of a stream and of its connection: a few whole messages under way without a stall. */
  public static final int FLOW_WINDOW_BYTES = 4 * 1024 * 1024;

  /** gRPC's metadata; nothing of ours is large. */
  public static final int METADATA_BYTES_MAX = 8 * 1024;

  /** Data that an instance's kernel has not taken for this long ends the connection. */
  public static final int UNACKED_TIMEOUT_MILLIS = 10_000;

  /**
   * Trailer of a refusal that guarantees the request was not run. Only the SDK of {@code
   * upstream.service} sends it; without it a refusal counts as "may have run".
   */
  public static final Metadata.Key<String> NOT_RUN =
      Metadata.Key.of("gatesvr-not-run", Metadata.ASCII_STRING_MARSHALLER);

  private GrpcBounds() {}
}
