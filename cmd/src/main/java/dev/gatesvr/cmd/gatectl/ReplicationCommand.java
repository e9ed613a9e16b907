package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.AdminPort;
import dev.gatesvr.cmd.operator.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatectl replication}: the pair, and how far the standby is, log by log. */
@Command(
    name = "replication",
    description = "Prints the pair and how far the standby is.",
    sortOptions = false)
final class ReplicationCommand implements Callable<Integer> {
  @ParentCommand private GatectlMain gatectl = new GatectlMain(Map.of());
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    JsonNode stats;
    try (AdminPort port = gatectl.open()) {
      stats = GatectlMain.stats(port);
    }
    if (gatectl.json()) {
      out.println(stats);
    } else {
      table(stats).lines().map(Terminal::safe).forEach(out::println);
    }
    out.flush();
    return Cli.OK;
  }

  private static String table(JsonNode stats) {
    if (!stats.path("enabled").asBoolean()) {
      return "no pair (backup.enabled: false)\n";
    }
    Formatter text = new Formatter(Locale.ROOT);
    head(text, stats);
    text.format("%n%5s%14s%14s%14s%10s%12s%n", "log", "last", "sent", "acked", "queued", "bytes");
    for (JsonNode log : stats.path("replication").path("logs")) {
      text.format(
          "%5d%14d%14d%14d%10d%12d%n",
          log.path("log").asInt(),
          log.path("last_lsn").asLong(),
          log.path("sent_lsn").asLong(),
          log.path("acked_lsn").asLong(),
          log.path("queued_entries").asLong(),
          log.path("queued_bytes").asLong());
    }
    return text.toString();
  }

  private static void head(Formatter text, JsonNode stats) {
    JsonNode register = stats.path("register");
    JsonNode peer = stats.path("peer");
    JsonNode arbiter = stats.path("arbiter");
    JsonNode replication = stats.path("replication");
    JsonNode history = stats.path("history");
    text.format(
        "pair          %s   term %d   leader %s   in sync %s%n",
        stats.path("pair").asText(),
        register.path("term").asLong(),
        orNone(register.path("leader").asText()),
        words(register.path("in_sync")));
    text.format(
        "this          %s   %s   partner %s%n",
        stats.path("incarnation").asText(),
        stats.path("role").asText(),
        stats.path("partner").asText());
    text.format(
        "other         %s   %s   %s, heard %d ms ago%n",
        orNone(peer.path("incarnation").asText()),
        peer.path("role").asText(),
        peer.path("connected").asBoolean() ? "connected" : "NOT CONNECTED",
        peer.path("heard_ms_ago").asLong());
    text.format(
        "arbiter       %s   %d of %d witnesses connected%n",
        arbiter.path("kind").asText(),
        arbiter.path("connected").asInt(),
        arbiter.path("witnesses").asInt());
    text.format(
        "replication   %s   held %d, oldest %.1f ms   snapshots %d   resyncs %d   mismatches %d%n",
        replication.path("mode").asText(),
        replication.path("held_outputs").asLong(),
        replication.path("oldest_held_ms").asDouble(),
        replication.path("snapshots_sent").asLong(),
        replication.path("resyncs").asLong(),
        replication.path("digest_mismatches").asLong());
    text.format(
        "history       %d failovers (last %.1f ms)   %d switchovers   last change: %s%n",
        history.path("failovers").asLong(),
        history.path("last_failover_ms").asDouble(),
        history.path("switchovers").asLong(),
        orNone(history.path("last_change_reason").asText()));
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "none" : text;
  }

  private static String words(JsonNode array) {
    StringJoiner words = new StringJoiner(" ").setEmptyValue("none");
    array.forEach(word -> words.add(word.asText()));
    return words.toString();
  }
}
