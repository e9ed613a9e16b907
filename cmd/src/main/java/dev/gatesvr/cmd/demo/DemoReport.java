package dev.gatesvr.cmd.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** What the demo prints, as it happens. */
final class DemoReport {
  private static final int RESULT_COLUMNS = 52;
  private static final String FORMAT = "  %-4s  %-7s  %-10s  %-" + RESULT_COLUMNS + "s  %8s  %s%n";

  private final PrintWriter out;

  DemoReport(PrintWriter out) {
    this.out = out;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  void header() {
    out.println();
    out.printf(FORMAT, "zone", "player", "action", "result", "ms", "");
    out.printf(
        FORMAT, "----", "-------", "----------", "-".repeat(RESULT_COLUMNS), "--------", "-");
    out.flush();
  }

  void row(DemoScenario.Row row) {
    String millis = String.format(Locale.ROOT, "%.1f", row.tookNanos() / 1e6);
    out.printf(
        FORMAT,
        row.zone(),
        row.player(),
        row.action(),
        row.good() ? clipped(row.result()) : row.result(),
        millis,
        row.good() ? "✓" : "✗");
    out.flush();
  }

  private static String clipped(String text) {
    return text.length() <= RESULT_COLUMNS ? text : text.substring(0, RESULT_COLUMNS - 1) + "…";
  }

  void whereToLook(DemoFleet.Ports ports, String stats, String metrics) {
    out.println();
    out.println("where to look next");
    out.println("  http://" + ports.http() + "/stats      " + stats);
    out.println("  http://" + ports.metrics() + "/metrics    " + metrics);
    out.flush();
  }

  void exitCodes(Map<String, Integer> exitCodes) {
    StringBuilder line = new StringBuilder("stopped, exit codes:");
    exitCodes.forEach((name, code) -> line.append(' ').append(name).append(' ').append(code));
    say("");
    say(line.toString());
  }
}
