package dev.gatesvr.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A bad network between TCP clients and one server, all on loopback: connections that are cut, and
 * bytes that are swallowed in either direction until then.
 *
 * <p>Virtual threads, two for each connection; the methods are thread-safe. At most {@link
 * #CONNECTIONS_MAX} connections; what comes above is closed at once.
 */
public final class TcpRelay implements AutoCloseable {
  /** Connections relayed at once; each costs two sockets. */
  public static final int CONNECTIONS_MAX = 256;

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final ServerSocket listening;
  private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong swallowed = new AtomicLong();
  private volatile CompletableFuture<InetSocketAddress> server;
  private volatile boolean refusing;
  private volatile boolean swallowUp;
  private volatile boolean swallowDown;
  private volatile long bytesPerSecond;

  /** A client's connection and the one made for it. */
  private record Pair(Socket client, Socket server) {
    /** Both ends see a reset, not an orderly end. */
    void cut() {
      for (Socket socket : new Socket[] {client, server}) {
        try {
          socket.setOption(StandardSocketOptions.SO_LINGER, 0);
          socket.close();
        } catch (IOException e) {
          // It ended by itself meanwhile.
        }
      }
    }
  }

  private TcpRelay(CompletableFuture<InetSocketAddress> server) throws IOException {
    this.server = server;
    this.listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
  }

  /** Starts a relay that forwards everything. */
  public static TcpRelay start(InetSocketAddress server) {
    return start(CompletableFuture.completedFuture(server));
  }

  /** Starts a relay that holds connections until {@link #redirect} names the server. */
  public static TcpRelay start() {
    return start(new CompletableFuture<>());
  }

  private static TcpRelay start(CompletableFuture<InetSocketAddress> server) {
    try {
      TcpRelay relay = new TcpRelay(server);
      Thread.ofVirtual().name("tcp-relay").start(relay::accept);
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect to. */
  public InetSocketAddress address() {
    return new InetSocketAddress(listening.getInetAddress(), listening.getLocalPort());
  }

  /** Sends connections made from now on to another server. */
  public void redirect(InetSocketAddress to) {
    if (!server.complete(to)) {
      server = CompletableFuture.completedFuture(to);
    }
  }

  /** Closes connections as soon as they are made, or no longer. */
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** Swallows what clients send from now on, until the next {@link #cut}. */
  public void swallowFromClients() {
    swallowUp = true;
  }

  /** Swallows what the server sends from now on, until the next {@link #cut}. */
  public void swallowFromServer() {
    swallowDown = true;
  }

  /** True while connections are refused or bytes swallowed. */
  public boolean faulty() {
    return refusing || swallowUp || swallowDown;
  }

  /**
   * Lets each connection pass no more than this in each direction from now on; the senders are held
   * back.
   *
   * @param limit bytes per second, 0 for no limit
   */
  public void throttle(long limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: >= 0)");
    }
    bytesPerSecond = limit;
  }

  /** Resets every connection; new ones are relayed again. Returns when it is done. */
  public void cut() {
    List.copyOf(pairs).forEach(Pair::cut);
    swallowUp = false;
    swallowDown = false;
  }

  /** Connections accepted so far, without the refused ones. */
  public int accepted() {
    return accepted.get();
  }

  /** Bytes swallowed so far. */
  public long swallowed() {
    return swallowed.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (refusing || pairs.size() >= CONNECTIONS_MAX) {
          client.close();
        } else {
          server.thenAccept(to -> relay(client, to));
        }
      } catch (IOException e) {
        // This connection failed, or the relay was closed.
      }
    }
  }

  private void relay(Socket client, InetSocketAddress to) {
    Pair pair = new Pair(client, new Socket());
    try {
      pair.server.connect(to);
      client.setTcpNoDelay(true);
      pair.server.setTcpNoDelay(true);
    } catch (IOException e) {
      pair.cut();
      return;
    }
    pairs.add(pair);
    accepted.incrementAndGet();
    Thread.ofVirtual().name("tcp-relay-up").start(() -> pump(pair, true));
    Thread.ofVirtual().name("tcp-relay-down").start(() -> pump(pair, false));
  }

  private void pump(Pair pair, boolean up) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = (up ? pair.client : pair.server).getInputStream();
      OutputStream out = (up ? pair.server : pair.client).getOutputStream();
      int read = in.read(buffer);
      while (read >= 0) {
        if (up ? swallowUp : swallowDown) {
          swallowed.addAndGet(read);
        } else {
          out.write(buffer, 0, read);
          slow(read);
        }
        read = in.read(buffer);
      }
    } catch (IOException e) {
      // The other end is gone, or the relay cut it.
    } finally {
      pairs.remove(pair);
      pair.cut();
    }
  }

  private void slow(int bytes) {
    long limit = bytesPerSecond;
    if (limit > 0) {
      LockSupport.parkNanos(bytes * NANOS_PER_SECOND / limit);
    }
  }

  /** Takes no more connections and cuts those that are there. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
