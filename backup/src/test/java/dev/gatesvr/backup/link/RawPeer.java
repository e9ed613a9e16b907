package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** The other end of a link as a plain blocking socket, which may say anything. */
record RawPeer(Socket socket) implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  static RawPeer connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawPeer(socket);
  }

  /** Connects and says hello; the other's hello is read. */
  static RawPeer up(InetSocketAddress address, LinkIdentity me) throws IOException {
    RawPeer peer = connect(address);
    peer.send(Hellos.of(me, PairBeat.getDefaultInstance()));
    PairFrame first = peer.read();
    if (first == null || !first.hasHello()) {
      throw new IOException("first frame: " + first + " (expected: a hello)");
    }
    return peer;
  }

  void send(PairFrame frame) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] body = frame.toByteArray();
    out.write(java.nio.ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array());
  }

  void bytes(byte... bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** The next frame, or null at the end of the stream. */
  @Nullable PairFrame read() throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    try {
      return PairFrame.parseFrom(in.readNBytes(in.readInt()));
    } catch (EOFException | SocketException e) {
      return null;
    }
  }

  /** Why the other closed, beats left out; empty when it said nothing. */
  String refusal() throws IOException {
    PairFrame frame = read();
    while (frame != null && !frame.hasRefusal()) {
      frame = read();
    }
    return frame == null ? "" : frame.getRefusal().getReason();
  }

  /** What a killed process's kernel does when bytes were unread: a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
