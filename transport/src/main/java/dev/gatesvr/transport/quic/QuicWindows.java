package dev.gatesvr.transport.quic;

/**
 * What a peer may send before it is read (RFC 9000 section 4). quiche lets both grow for a peer
 * that is read quickly.
 *
 * @param streamBytes initial limit of the stream; also what a paused connection can pile up
 * @param connectionBytes initial limit of the connection, at least {@code streamBytes}
 */
public record QuicWindows(long streamBytes, long connectionBytes) {
  /** A quarter of the longest frame: four round trips for the rare giant, little for the crowd. */
  public static final QuicWindows DEFAULT = new QuicWindows(256 * 1024, 384 * 1024);

  public QuicWindows {
    QuicListenerConfig.requirePositive("streamBytes", streamBytes);
    if (connectionBytes < streamBytes) {
      throw new IllegalArgumentException(
          "connectionBytes: " + connectionBytes + " (expected: >= " + streamBytes + ")");
    }
  }
}
