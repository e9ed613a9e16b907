package dev.gatesvr.cmd.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DemoProcessTest {
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  @TempDir private Path logs;

  private DemoProcess shell(String script) {
    return DemoProcess.start("shell", logs, "", List.of("/bin/sh", "-c", script));
  }

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  @Test
  void waitsForALineAndStopsTheProcess() throws Exception {
    DemoProcess process = shell("echo port 4711; exec sleep 60");
    assertThat(
            process.awaitLine(Pattern.compile("port (\\d+)"), in(Duration.ofSeconds(10))).group(1))
        .isEqualTo("4711");
    process.terminate();
    assertThat(process.end(in(Duration.ofSeconds(10)))).isEqualTo(TERMINATED);
  }

  @Test
  void saysWhyAProcessEndedInsteadOfWaitingForIt() {
    DemoProcess process = shell("echo address taken; exit 3");
    assertThatThrownBy(
            () -> process.awaitLine(Pattern.compile("ready"), in(Duration.ofSeconds(10))))
        .isInstanceOf(DemoException.class)
        .hasMessage("shell ended with exit code 3: address taken");
  }

  @Test
  void killsAProcessThatDoesNotListen() throws Exception {
    DemoProcess process = shell("trap '' TERM; echo deaf; while :; do sleep 1; done");
    process.awaitLine(Pattern.compile("deaf"), in(Duration.ofSeconds(10)));
    process.terminate();
    assertThat(process.end(in(Duration.ofMillis(300)))).isEqualTo(KILLED);
  }

  @Test
  void givesUpAtTheDeadline() throws Exception {
    DemoProcess process = shell("exec sleep 60");
    assertThatThrownBy(
            () -> process.awaitLine(Pattern.compile("ready"), in(Duration.ofMillis(100))))
        .hasMessageContaining("not ready in time");
    process.kill();
    assertThat(process.end(in(Duration.ofSeconds(10)))).isEqualTo(KILLED);
  }
}
