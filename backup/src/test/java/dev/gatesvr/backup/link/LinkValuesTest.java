package dev.gatesvr.backup.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class LinkValuesTest {
  private static final Duration MS = Duration.ofMillis(1);

  @Test
  void timesAreChecked() {
    refuses(() -> new LinkTimes(Duration.ZERO, MS, MS, MS, MS, MS), "beatInterval: PT0S");
    refuses(() -> new LinkTimes(MS, MS, MS, MS, MS, MS), "silence: PT0.001S");
    refuses(
        () -> new LinkTimes(MS, MS.multipliedBy(2), MS, MS, MS.multipliedBy(2), MS), "redialMax");
    LinkTimes times = LinkTimes.of(Duration.ofMillis(50), Duration.ofMillis(300));
    assertThat(times.silence()).isEqualTo(Duration.ofMillis(1_200));
  }

  @Test
  void identitiesAreChecked() {
    refuses(() -> LinkIdentity.of("", "a", "a#1", "a:1"), "pair: 0 characters");
    refuses(() -> LinkIdentity.of("p", "a", "x".repeat(257), "a:1"), "incarnation: 257");
    refuses(() -> new LinkIdentity("p", "a", "a#1", "a:1", 2, 1), "versions: 2..1");
    refuses(() -> new LinkIdentity("p", "a", "a#1", "a:1", 0, 1), "versions: 0..1");
  }

  @Test
  void onlyTheKernelOfTheOtherSaysReset() {
    assertThat(Failures.endOf(new IOException("Connection reset by peer")))
        .isEqualTo(LinkEnd.RESET);
    assertThat(Failures.endOf(new IOException("recvAddress(..) failed: Connection reset")))
        .isEqualTo(LinkEnd.RESET);
    assertThat(Failures.endOf(new IOException("Broken pipe"))).isEqualTo(LinkEnd.RESET);
    assertThat(Failures.endOf(new IOException("Connection timed out"))).isEqualTo(LinkEnd.TIMEOUT);
    assertThat(Failures.endOf(new IOException("No route to host"))).isEqualTo(LinkEnd.TIMEOUT);
    assertThat(Failures.endOf(new DecoderException(new SSLHandshakeException("no"))))
        .isEqualTo(LinkEnd.UNTRUSTED);
    assertThat(Failures.endOf(new IllegalStateException("ours"))).isEqualTo(LinkEnd.LOCAL);
  }

  @Test
  void onlyARefusedConnectIsRefused() {
    assertThat(Failures.endOfConnect(new ConnectException("Connection refused: /127.0.0.1:1")))
        .isEqualTo(LinkEnd.REFUSED);
    assertThat(Failures.endOfConnect(new ConnectException("Connection timed out")))
        .isEqualTo(LinkEnd.UNREACHABLE);
    assertThat(Failures.endOfConnect(new NoRouteToHostException("No route to host")))
        .isEqualTo(LinkEnd.UNREACHABLE);
    assertThat(Failures.endOfConnect(new ConnectException())).isEqualTo(LinkEnd.UNREACHABLE);
  }

  private static void refuses(Runnable making, String message) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
