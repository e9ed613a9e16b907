package dev.gatesvr.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A NAT and a bad network between UDP clients and one server, all on loopback.
 *
 * <p>Each client gets a server-facing port of its own, which {@link #rebind} changes as a NAT does
 * when it forgets a mapping. Datagrams are dropped with a probability and delayed, both ways alike.
 * One thread, {@code udp-relay}; the methods are thread-safe. At most {@link #CLIENTS_MAX} clients
 * and {@link #DELAYED_MAX} delayed datagrams: what comes above is dropped and counted.
 */
public final class UdpRelay implements AutoCloseable {
  /** Clients served; each costs a socket. */
  public static final int CLIENTS_MAX = 64;

  /** Datagrams held back at once. */
  public static final int DELAYED_MAX = 4_096;

  private static final int DATAGRAM_BYTES_MAX = 65_535;
  private static final int SOCKET_BUFFER_BYTES = 1024 * 1024;
  private static final int READS_PER_TURN = 64;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final SocketAddress server;
  private final Selector selector;
  private final DatagramChannel clientFacing;
  private final InetSocketAddress address;
  private final Random random;
  private final Thread thread;
  private final Map<SocketAddress, Mapping> mappings = new HashMap<>();
  private final PriorityQueue<Delayed> delayed = new PriorityQueue<>();
  private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(DATAGRAM_BYTES_MAX);
  private final AtomicLong forwarded = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  private final AtomicInteger unluckyToClients = new AtomicInteger();
  private volatile double dropProbability;
  private volatile long delayNanos;
  private volatile long jitterNanos;
  private volatile double duplicateProbability;
  private volatile boolean running = true;
  private long sequence;

  /** A client and the port it is seen at. */
  private static final class Mapping {
    final SocketAddress client;
    DatagramChannel serverFacing;

    Mapping(SocketAddress client, DatagramChannel serverFacing) {
      this.client = client;
      this.serverFacing = serverFacing;
    }
  }

  /** A datagram on its way; towards the server the port is chosen when it leaves. */
  private record Delayed(
      long dueNanos, long sequence, ByteBuffer bytes, Mapping mapping, boolean up)
      implements Comparable<Delayed> {
    @Override
    public int compareTo(Delayed other) {
      int byTime = Long.compare(dueNanos - other.dueNanos, 0);
      return byTime == 0 ? Long.compare(sequence, other.sequence) : byTime;
    }
  }

  private UdpRelay(SocketAddress server, long seed) throws IOException {
    this.server = server;
    this.random = new Random(seed);
    this.selector = Selector.open();
    this.clientFacing = open();
    this.address = (InetSocketAddress) clientFacing.getLocalAddress();
    clientFacing.register(selector, SelectionKey.OP_READ);
    this.thread = new Thread(this::run, "udp-relay");
    thread.setDaemon(true);
  }

  /**
   * Starts a relay that forwards everything at once.
   *
   * @param seed of what is dropped
   */
  public static UdpRelay start(InetSocketAddress server, long seed) {
    try {
      UdpRelay relay = new UdpRelay(server, seed);
      relay.thread.start();
      return relay;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DatagramChannel open() throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
    return channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Where clients connect to. */
  public InetSocketAddress address() {
    return address;
  }

  /** Drops each datagram with this probability, 0 to 1, from now on. */
  public void drop(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability: " + probability + " (expected: 0 to 1)");
    }
    dropProbability = probability;
  }

  /** Drops the next {@code count} datagrams that the server sends, whatever the probability. */
  public void dropNextToClients(int count) {
    unluckyToClients.set(count);
  }

  /** Delays each datagram by this much from now on. */
  public void delay(Duration each) {
    delayNanos = each.toNanos();
  }

  /** Delays each datagram by up to this much more, each by its own, so that they overtake. */
  public void jitter(Duration atMost) {
    jitterNanos = atMost.toNanos();
  }

  /** Sends each datagram twice with this probability, 0 to 1, from now on. */
  public void duplicate(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability: " + probability + " (expected: 0 to 1)");
    }
    duplicateProbability = probability;
  }

  /**
   * Moves every client to a new server-facing port; what the server still sends to the old one is
   * lost. Returns when it is done.
   */
  public void rebind() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    commands.add(
        () -> {
          try {
            for (Mapping mapping : mappings.values()) {
              mapping.serverFacing.close();
              mapping.serverFacing = openServerFacing();
            }
            done.complete(null);
          } catch (IOException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    done.orTimeout(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Server-facing ports in use, one per client. */
  public List<Integer> serverFacingPorts() {
    CompletableFuture<List<Integer>> ports = new CompletableFuture<>();
    commands.add(
        () -> {
          List<Integer> found = new ArrayList<>();
          for (Mapping mapping : mappings.values()) {
            found.add(mapping.serverFacing.socket().getLocalPort());
          }
          ports.complete(found);
        });
    selector.wakeup();
    return ports.orTimeout(CLOSE_TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Datagrams sent on. */
  public long forwarded() {
    return forwarded.get();
  }

  /** Datagrams dropped, by chance or above a bound. */
  public long dropped() {
    return dropped.get();
  }

  private void run() {
    try (Selector closing = selector;
        DatagramChannel alsoClosing = clientFacing) {
      while (running) {
        closing.select(millisToNextDue());
        runCommands();
        receiveAll(alsoClosing);
        sendDue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      closeMappings();
    }
  }

  /** For {@link Selector#select(long)}: 0 waits for ever. */
  private long millisToNextDue() {
    Delayed first = delayed.peek();
    if (first == null) {
      return 0;
    }
    return Math.max(1, (first.dueNanos - System.nanoTime()) / 1_000_000);
  }

  private void runCommands() {
    Runnable command = commands.poll();
    while (command != null) {
      command.run();
      command = commands.poll();
    }
  }

  private void receiveAll(DatagramChannel fromClients) throws IOException {
    selector.selectedKeys().clear();
    for (int i = 0; i < READS_PER_TURN; i++) {
      SocketAddress client = receive(fromClients);
      if (client == null) {
        break;
      }
      Mapping mapping = mappingOf(client);
      if (mapping != null) {
        relay(mapping, true);
      }
    }
    for (Mapping mapping : mappings.values()) {
      for (int i = 0; i < READS_PER_TURN && receive(mapping.serverFacing) != null; i++) {
        relay(mapping, false);
      }
    }
  }

  private @Nullable SocketAddress receive(DatagramChannel channel) throws IOException {
    buffer.clear();
    SocketAddress from = channel.receive(buffer);
    buffer.flip();
    return from;
  }

  private @Nullable Mapping mappingOf(SocketAddress client) throws IOException {
    Mapping known = mappings.get(client);
    if (known != null) {
      return known;
    }
    if (mappings.size() >= CLIENTS_MAX) {
      dropped.incrementAndGet();
      return null;
    }
    Mapping made = new Mapping(client, openServerFacing());
    mappings.put(client, made);
    return made;
  }

  private DatagramChannel openServerFacing() throws IOException {
    DatagramChannel channel = open();
    channel.register(selector, SelectionKey.OP_READ);
    return channel;
  }

  /** Sends what is in the buffer on, now or later or never. */
  private void relay(Mapping mapping, boolean up) throws IOException {
    long jitter = jitterNanos;
    long delay = delayNanos + (jitter > 0 ? random.nextLong(jitter) : 0);
    boolean unlucky = dropProbability > 0 && random.nextDouble() < dropProbability;
    unlucky |= !up && unluckyToClients.get() > 0 && unluckyToClients.getAndDecrement() > 0;
    if (unlucky || (delay > 0 && delayed.size() >= DELAYED_MAX)) {
      dropped.incrementAndGet();
      return;
    }
    if (duplicateProbability > 0 && random.nextDouble() < duplicateProbability) {
      forward(buffer.duplicate(), mapping, up, delay);
    }
    forward(buffer, mapping, up, delay);
  }

  private void forward(ByteBuffer datagram, Mapping mapping, boolean up, long delay)
      throws IOException {
    if (delay == 0 && delayed.isEmpty()) {
      send(datagram, mapping, up);
    } else {
      byte[] bytes = new byte[datagram.remaining()];
      datagram.get(bytes);
      delayed.add(
          new Delayed(System.nanoTime() + delay, sequence++, ByteBuffer.wrap(bytes), mapping, up));
    }
  }

  private void sendDue() throws IOException {
    Delayed first = delayed.peek();
    while (first != null && first.dueNanos - System.nanoTime() <= 0) {
      delayed.poll();
      send(first.bytes, first.mapping, first.up);
      first = delayed.peek();
    }
  }

  private void send(ByteBuffer bytes, Mapping mapping, boolean up) throws IOException {
    int sent =
        up ? mapping.serverFacing.send(bytes, server) : clientFacing.send(bytes, mapping.client);
    // A full socket buffer loses datagrams in any network.
    (sent > 0 ? forwarded : dropped).incrementAndGet();
  }

  private void closeMappings() {
    for (Mapping mapping : mappings.values()) {
      try {
        mapping.serverFacing.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Stops the thread and releases the sockets. */
  @Override
  public void close() {
    running = false;
    selector.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
