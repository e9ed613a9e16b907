package dev.gatesvr.cmd.gatesvr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Signals, sent to real processes. */
class ShutdownTest {
  /** A program that stops at once, never, or not at all because it fails. */
  static final class Program {
    private Program() {}

    public static void main(String[] how) throws InterruptedException {
      Shutdown shutdown = Shutdown.install(Duration.ofMillis(300));
      if (how[0].equals("fails")) {
        shutdown.finish(2);
        System.exit(2);
      }
      System.out.println("ready");
      shutdown.await();
      System.out.println("asked");
      if (how[0].equals("hangs")) {
        Thread.sleep(Duration.ofMinutes(1));
      }
      shutdown.finish(0);
    }
  }

  private static Process start(String how) throws IOException {
    String classpath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            classpath,
            Program.class.getName(),
            how)
        .start();
  }

  private static int exitCode(Process process) throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the process did not end");
    }
    return process.exitValue();
  }

  @Test
  void aSignalThatIsObeyedEndsWithZero() throws Exception {
    Process process = start("stops");
    BufferedReader out = process.inputReader();
    assertThat(out.readLine()).isEqualTo("ready");
    process.toHandle().destroy();
    assertThat(out.readLine()).isEqualTo("asked");
    assertThat(exitCode(process)).isZero();
  }

  @Test
  void aStopThatHangsEndsAtItsDeadlineWithOne() throws Exception {
    Process process = start("hangs");
    assertThat(process.inputReader().readLine()).isEqualTo("ready");
    process.toHandle().destroy();
    assertThat(exitCode(process)).isEqualTo(1);
  }

  @Test
  void aFailureBeforeAnySignalKeepsItsOwnCode() throws Exception {
    assertThat(exitCode(start("fails"))).isEqualTo(2);
  }
}
