package dev.gatesvr.gateway.admin.pprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.admin.http.Caller;
import dev.gatesvr.gateway.admin.http.Request;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PprofAccessTest {
  private static Request from(String address, boolean forwarded) throws UnknownHostException {
    return new Request(
        "GET",
        "/debug/pprof/",
        Map.of(),
        new Caller(InetAddress.getByName(address), forwarded, false, ""));
  }

  @Test
  void allowsOnlyLoopbackUnlessToldOtherwise() throws UnknownHostException {
    PprofAccess local = new PprofAccess(false);
    assertThat(local.allows(from("127.0.0.1", false))).isTrue();
    assertThat(local.allows(from("127.9.9.9", false))).isTrue();
    assertThat(local.allows(from("::1", false))).isTrue();
    assertThat(local.allows(from("::ffff:127.0.0.1", false))).isTrue();
    assertThat(local.allows(from("10.0.0.1", false))).isFalse();
    assertThat(local.allows(from("203.0.113.7", false))).isFalse();
    assertThat(local.allows(from("2001:db8::1", false))).isFalse();
    assertThat(new PprofAccess(true).allows(from("203.0.113.7", true))).isTrue();
  }

  @Test
  void doesNotTakeAProxyForTheMachineItself() throws UnknownHostException {
    assertThat(new PprofAccess(false).allows(from("127.0.0.1", true))).isFalse();
  }
}
