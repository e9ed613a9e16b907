package dev.gatesvr.testkit.sim;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection: an ordered, reliable stream of length-prefixed frames in each direction, which
 * arrive in pieces of any size. It can be cut between any two bytes; then what was on its way is
 * lost, and the two sides learn of it at different times. Not thread-safe.
 */
public final class ByteLink {
  private static final int HEADER_BYTES = 4;
  private static final int CUT = -1;

  /** What one side hears. Never called from inside a call of that side. */
  public interface Peer {
    /** One whole frame. */
    void onFrame(byte[] frame);

    /** {@link Side#send} takes frames again. */
    void onWritable();

    /**
     * It is over.
     *
     * @param code the number the other side closed with, or -1 when the connection was cut
     */
    void onClosed(int code);
  }

  private final VirtualTime time;
  private final int capacityBytes;
  private final long latencyNanosMax;
  private final Side client = new Side();
  private final Side server = new Side();
  private boolean cut;

  /**
   * @param capacityBytes on their way in one direction before {@link Side#send} refuses
   * @param latencyNanosMax how long a piece takes at most
   */
  public ByteLink(VirtualTime time, int capacityBytes, long latencyNanosMax) {
    this.time = time;
    this.capacityBytes = capacityBytes;
    this.latencyNanosMax = latencyNanosMax;
    client.other = server;
    server.other = client;
  }

  public Side client() {
    return client;
  }

  public Side server() {
    return server;
  }

  /** Loses everything on its way. */
  public void cut() {
    if (!cut) {
      cut = true;
      for (Side side : new Side[] {client, server}) {
        time.after(time.random().nextLong(latencyNanosMax * 4 + 1), () -> side.end(CUT));
      }
    }
  }

  /** One end of the connection. */
  public final class Side {
    private @Nullable Peer peer;
    private @Nullable Side other;
    private final ArrayDeque<byte[]> outgoing = new ArrayDeque<>();
    private int outgoingBytes;
    private int firstOffset;
    private boolean refused;
    private boolean delivering;
    private boolean reading = true;
    private boolean ended;
    private int closingWith = Integer.MIN_VALUE;
    private final ByteArrayOutputStream incoming = new ByteArrayOutputStream();

    /** Who hears what arrives here. */
    public void listen(Peer newPeer) {
      peer = newPeer;
    }

    /**
     * Sends one frame.
     *
     * @return false when too much is on its way; {@link Peer#onWritable} follows
     */
    public boolean send(byte[] frame) {
      if (ended || closingWith != Integer.MIN_VALUE) {
        return true;
      }
      if (outgoingBytes > 0 && outgoingBytes + frame.length > capacityBytes) {
        refused = true;
        return false;
      }
      byte[] framed = new byte[HEADER_BYTES + frame.length];
      framed[0] = (byte) (frame.length >>> 24);
      framed[1] = (byte) (frame.length >>> 16);
      framed[2] = (byte) (frame.length >>> 8);
      framed[3] = (byte) frame.length;
      System.arraycopy(frame, 0, framed, HEADER_BYTES, frame.length);
      outgoing.add(framed);
      outgoingBytes += framed.length;
      deliverLater();
      return true;
    }

    /** Sends nothing more; the other side hears the code after what was sent. This side is done. */
    public void close(int code) {
      if (!ended) {
        closingWith = code;
        ended = true;
        deliverLater();
      }
    }

    /** Stops or resumes taking what arrives. */
    public void reading(boolean enabled) {
      reading = enabled;
      if (enabled) {
        other().deliverLater();
      }
    }

    private Side other() {
      if (other == null) {
        throw new IllegalStateException("half a link");
      }
      return other;
    }

    private void deliverLater() {
      if (!delivering && !cut && other().reading && (outgoingBytes > 0 || closes())) {
        delivering = true;
        time.after(time.random().nextLong(latencyNanosMax) + 1, this::deliver);
      }
    }

    private boolean closes() {
      return closingWith != Integer.MIN_VALUE;
    }

    private void deliver() {
      delivering = false;
      if (cut || !other().reading) {
        return;
      }
      if (outgoingBytes == 0) {
        other().end(closingWith);
        return;
      }
      boolean all = time.random().nextInt(4) > 0;
      other().receive(take(all ? outgoingBytes : 1 + time.random().nextInt(outgoingBytes)));
      if (refused && outgoingBytes <= capacityBytes / 2 && !ended) {
        refused = false;
        peer().onWritable();
      }
      deliverLater();
    }

    private byte[] take(int bytes) {
      byte[] piece = new byte[bytes];
      int filled = 0;
      while (filled < bytes) {
        byte[] first = outgoing.getFirst();
        int copied = Math.min(bytes - filled, first.length - firstOffset);
        System.arraycopy(first, firstOffset, piece, filled, copied);
        filled += copied;
        firstOffset += copied;
        if (firstOffset == first.length) {
          outgoing.removeFirst();
          firstOffset = 0;
        }
      }
      outgoingBytes -= bytes;
      return piece;
    }

    private void receive(byte[] piece) {
      incoming.writeBytes(piece);
      byte[] all = incoming.toByteArray();
      incoming.reset();
      int at = 0;
      while (all.length - at >= HEADER_BYTES) {
        int length =
            (all[at] & 0xff) << 24
                | (all[at + 1] & 0xff) << 16
                | (all[at + 2] & 0xff) << 8
                | (all[at + 3] & 0xff);
        if (all.length - at - HEADER_BYTES < length) {
          break;
        }
        at += HEADER_BYTES;
        byte[] frame = Arrays.copyOfRange(all, at, at + length);
        at += length;
        if (!ended) {
          peer().onFrame(frame);
        }
      }
      incoming.write(all, at, all.length - at);
    }

    private void end(int code) {
      if (!ended) {
        ended = true;
        peer().onClosed(code);
      }
    }

    private Peer peer() {
      if (peer == null) {
        throw new IllegalStateException("nobody listens");
      }
      return peer;
    }
  }
}
