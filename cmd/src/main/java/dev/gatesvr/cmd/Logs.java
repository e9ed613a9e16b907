package dev.gatesvr.cmd;

import ch.qos.logback.classic.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Where a program's log goes: {@code logback.xml} (stderr, warnings) unless it asks for {@code
 * logback-gatesvr.xml} (console and rolling file).
 */
public final class Logs {
  private static final String CONFIGURATION = "logback.configurationFile";

  private Logs() {}

  /** Chooses the gateway's log. To be called before the first logger is made. */
  public static void ofServer() {
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(CONFIGURATION, "logback-gatesvr.xml");
    }
  }

  /** Leads java.util.logging, which gRPC uses, into the same log. */
  static void bridge() {
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.removeHandlersForRootLogger();
      SLF4JBridgeHandler.install();
    }
  }

  /** Writes out what is queued; nothing is logged after it. */
  public static void flush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
