package dev.gatesvr.gateway.admin.pprof;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** The JVM's own diagnostic commands, the ones of {@code jcmd}. Blocks while a command runs. */
final class Diagnostics {
  private static final String BEAN = "com.sun.management:type=DiagnosticCommand";

  private Diagnostics() {}

  /** Every thread with its whole stack, and deadlocks. */
  static String threads() {
    return run("threadPrint");
  }

  /**
   * Instances and bytes by class.
   *
   * @param liveOnly false counts unreachable objects too; true runs a full collection before
   */
  static String classHistogram(boolean liveOnly) {
    return liveOnly ? run("gcClassHistogram") : run("gcClassHistogram", "-all");
  }

  private static String run(String command, String... arguments) {
    try {
      Object text =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName(BEAN),
                  command,
                  new Object[] {arguments},
                  new String[] {String[].class.getName()});
      return String.valueOf(text);
    } catch (JMException e) {
      throw new IllegalStateException("diagnostic command " + command + " failed", e);
    }
  }
}
