package dev.gatesvr.cmd.operator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What may be written to a terminal, and whether there is one. */
public final class Terminal {
  /** Cursor to the top left, then clear: without the flicker of clearing first. */
  public static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J";

  private Terminal() {}

  /**
   * True when standard output is a terminal that understands escape sequences. Where the system
   * does not tell (no {@code /proc}), the view is printed without redrawing.
   */
  public static boolean isStdout() {
    String term = System.getenv("TERM");
    if (term == null || term.equals("dumb")) {
      return false;
    }
    Path stdout = Path.of("/proc/self/fd/1");
    if (!Files.isSymbolicLink(stdout)) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(stdout).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** Text from a player or an upstream, which must not steer the operator's terminal. */
  public static String safe(String text) {
    return text.replaceAll("\\p{C}", "?");
  }
}
