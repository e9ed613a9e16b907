package dev.gatesvr.cmd.gatectl;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatesvr.cmd.Cli;
import dev.gatesvr.cmd.operator.AdminPort;
import dev.gatesvr.cmd.operator.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code gatectl sessions}: the sessions that the node serves, oldest first. */
@Command(name = "sessions", description = "Lists sessions of the node.", sortOptions = false)
final class SessionsCommand implements Callable<Integer> {
  @ParentCommand private GatectlMain gatectl = new GatectlMain(Map.of());
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-openid", "--openid"},
      defaultValue = "",
      description = "Only this player.")
  private String openid = "";

  @Option(
      names = {"-limit", "--limit"},
      defaultValue = "50",
      description = "How many at most, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    AdminPort.Answer answer;
    try (AdminPort port = gatectl.open()) {
      answer =
          port.get(
              "/sessions?limit="
                  + limit
                  + "&openid="
                  + URLEncoder.encode(openid, StandardCharsets.UTF_8));
    }
    if (!answer.ok()) {
      throw new IOException("/sessions answered " + answer.status() + ": " + answer.error());
    }
    if (gatectl.json()) {
      out.println(answer.body());
    } else {
      table(answer.body(), out);
    }
    out.flush();
    return Cli.OK;
  }

  private static void table(JsonNode list, PrintWriter out) {
    JsonNode sessions = list.path("sessions");
    for (JsonNode session : sessions) {
      String remote = session.path("remote_addr").asText();
      out.println(
          Terminal.safe(
              String.format(
                  Locale.ROOT,
                  "%-34s %-24s zone %s   %-22s sent %d, acked %d",
                  session.path("session_id").asText(),
                  session.path("openid").asText(),
                  session.path("zone").asText(),
                  remote.isEmpty() ? "away" : remote,
                  session.path("ordered_queue").path("last_sent_seq").asLong(),
                  session.path("ordered_queue").path("last_acked_seq").asLong())));
    }
    out.printf("%d of %d%n", sessions.size(), list.path("total_sessions").asInt());
  }
}
