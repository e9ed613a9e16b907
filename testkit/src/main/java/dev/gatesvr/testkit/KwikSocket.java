package dev.gatesvr.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A socket for Kwik that gives it nothing before it is ready for an answer.
 *
 * <p>Kwik's TLS (agent15 3.1, {@code TlsClientEngineImpl.startHandshake}) sends its hello first and
 * notes afterwards that it waits for an answer; an answer that its receiver thread reads in between
 * is ignored without a word and the handshake never ends. Over loopback that happens to one
 * connection in some hundreds. So what is received waits until the thread that connects waits too:
 * the only timed wait in {@code QuicClientConnectionImpl.connect} is the one for the handshake,
 * after the hello was noted.
 */
public final class KwikSocket extends DatagramSocket {
  private static final Duration WAIT_MAX = Duration.ofSeconds(15);
  private static final long POLL_NANOS = 50_000;

  private final Thread connecting;
  private boolean ready;

  /**
   * Binds any port; a {@code DatagramSocketFactory} of Kwik.
   *
   * @param connecting the thread that calls {@code connect}
   */
  public KwikSocket(Thread connecting) throws SocketException {
    super(new InetSocketAddress(0));
    this.connecting = connecting;
  }

  /** Called by Kwik's receiver thread only. */
  @Override
  public void receive(DatagramPacket packet) throws IOException {
    super.receive(packet);
    if (!ready) {
      awaitConnecting();
      ready = true;
    }
  }

  private void awaitConnecting() {
    long startNanos = System.nanoTime();
    while (connecting.getState() != Thread.State.TIMED_WAITING
        && !isClosed()
        && System.nanoTime() - startNanos < WAIT_MAX.toNanos()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
