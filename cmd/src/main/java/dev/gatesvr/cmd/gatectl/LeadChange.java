package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.AdminPort;
import dev.gatesvr.cmd.operator.AdminPort.Answer;
import dev.gatesvr.cmd.operator.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BiPredicate;

/**
 * A command that changes who leads: sends it, and watches the node until it is so.
 *
 * @param path the page that takes it
 * @param over whether it is so, of what the node said before and what it says now
 * @param waitMax how long to watch
 */
record LeadChange(
    String path, BiPredicate<JsonNode, JsonNode> over, Duration waitMax, boolean json) {
  private static final Duration POLL = Duration.ofMillis(10);
  private static final int ACCEPTED = 202;
  private static final int CONFLICT = 409;
  private static final int NOT_IMPLEMENTED = 501;

  /** Runs it and says what became of it; returns the exit code. */
  int run(AdminPort port, PrintWriter out) throws IOException, InterruptedException {
    long began = System.nanoTime();
    JsonNode before = GatectlMain.stats(port);
    Answer answer = port.post(path);
    return switch (answer.status()) {
      case 200, ACCEPTED -> watch(port, before, answer.body(), began, out);
      case CONFLICT, NOT_IMPLEMENTED -> refused(answer.error(), out);
      default ->
          throw new IOException(path + " answered " + answer.status() + ": " + answer.error());
    };
  }

  private int refused(String reason, PrintWriter out) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("outcome", "refused").put("reason", reason);
    say(out, result, "refused, nothing was changed: " + reason);
    return Exit.REFUSED;
  }

  private int watch(AdminPort port, JsonNode before, JsonNode outcome, long began, PrintWriter out)
      throws IOException, InterruptedException {
    JsonNode now = GatectlMain.stats(port);
    while (!over.test(before, now)) {
      if (System.nanoTime() - began > waitMax.toNanos()) {
        return notOver(now, out);
      }
      Thread.sleep(POLL);
      now = GatectlMain.stats(port);
    }
    double tookMillis = Math.round((System.nanoTime() - began) / 1e5) / 10.0;
    double stallMillis = outcome.path("stall_ms").asDouble();
    String leader = leader(now);
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("outcome", "done").put("leader", leader);
    result.put("took_ms", tookMillis).put("stall_ms", stallMillis);
    String stall =
        stallMillis > 0 ? String.format(Locale.ROOT, "   players waited %.1f ms", stallMillis) : "";
    say(
        out,
        result,
        String.format(Locale.ROOT, "%s leads after %.1f ms", leader, tookMillis) + stall);
    return Cli.OK;
  }

  private int notOver(JsonNode now, PrintWriter out) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("outcome", "not_over").put("leader", leader(now));
    result.set("role", now.path("role"));
    result.set("partner", now.path("partner"));
    say(
        out,
        result,
        "not over within %d ms: this node is %s, partner %s, leader %s"
            .formatted(
                waitMax.toMillis(),
                now.path("role").asText(),
                now.path("partner").asText(),
                leader(now)));
    return Exit.NOT_OVER;
  }

  private static String leader(JsonNode stats) {
    return stats.path("register").path("leader").asText();
  }

  private void say(PrintWriter out, ObjectNode result, String line) {
    out.println(json ? result.toString() : Terminal.safe(line));
    out.flush();
  }
}
