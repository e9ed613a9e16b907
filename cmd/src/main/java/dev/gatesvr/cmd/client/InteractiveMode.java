package dev.gatesvr.cmd.client;

import dev.gatesvr.client.GatewayClient;
import dev.gatesvr.client.GatewayClientBuilder;
import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import dev.gatesvr.client.core.ClientStats;
import dev.gatesvr.cmd.Cli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Asks a person what to do, and shows what comes. */
final class InteractiveMode {
  private static final String HELP =
      """
      ACTION [name=value ...] [data]   hello, logout, echo, time, calculate, status, user_list,
                                       broadcast, before, after, or what your zone knows
                                       calculate add 1 2;  echo "two  blanks";  broadcast hi
      disconnect    leave the gateway, keep the session
      reconnect     come back to it
      stats         what this client did
      help, quit
      """;

  private final String name;
  private final BufferedReader in;
  private final PrintWriter out;

  InteractiveMode(String name, BufferedReader in, PrintWriter out) {
    this.name = name;
    this.in = in;
    this.out = out;
  }

  int run(GatewayClientBuilder builder) throws IOException {
    builder
        .onPush(this::show)
        .onStateChanged(
            (state, why) -> say(name + ": " + state + (why.isEmpty() ? "" : ", " + why)))
        .onResumed(() -> say("resumed, nothing was missed"))
        .onResync((reason, detail) -> say("a new session, pushes may be missing: " + reason))
        .onGap((first, last, reason) -> say("dropped: pushes " + first + " to " + last))
        .onKicked((reason, detail) -> say("kicked: " + reason + ", " + detail))
        .onFailover(gateway -> say("the session goes on at " + gateway))
        .onGoAway((addresses, wait) -> say("the gateway sends us away to " + addresses))
        .onClosed(reason -> say("closed: " + reason.code().meaning() + ", " + reason.detail()));
    try (GatewayClient client = builder.connect()) {
      say("type help for help, quit to leave");
      String line = in.readLine();
      while (line != null && handle(client, line)) {
        line = in.readLine();
      }
    }
    return Cli.OK;
  }

  /** Returns false when it is time to leave. */
  private boolean handle(GatewayClient client, String line) {
    try {
      return switch (ReplCommand.parse(line)) {
        case ReplCommand.Nothing nothing -> true;
        case ReplCommand.Ask ask -> ask(client, ask.input());
        case ReplCommand.Local local -> obey(client, local.word());
      };
    } catch (IllegalArgumentException e) {
      say(e.getMessage());
      return true;
    }
  }

  private boolean ask(GatewayClient client, ActionInput input) {
    long start = System.nanoTime();
    try {
      Response response = Asking.start(client, input).join();
      say(Asking.describe(response) + "  (" + Asking.millis(System.nanoTime() - start) + ")");
    } catch (CompletionException e) {
      say(input.action() + ": " + Asking.reason(e));
    }
    return true;
  }

  private boolean obey(GatewayClient client, ReplCommand.Word word) {
    switch (word) {
      case DISCONNECT -> client.suspend();
      case RECONNECT -> client.resume();
      case STATS -> say(describe(client.stats().join()));
      case HELP -> say(HELP.stripTrailing());
      case QUIT -> say("bye");
    }
    return word != ReplCommand.Word.QUIT;
  }

  private static String describe(ClientStats stats) {
    return "state %s, rtt %s, attached %d times; requests %d sent, %d outstanding, %d waiting; messages %d, duplicates %d; acknowledged up to %d with %d acks"
        .formatted(
            stats.state(),
            Asking.millis(stats.rttNanos()),
            stats.attaches(),
            stats.requestsSent(),
            stats.requestsOutstanding(),
            stats.requestsWaiting(),
            stats.pushesReceived(),
            stats.duplicatesDropped(),
            stats.ackedSeq(),
            stats.acksSent());
  }

  private void show(Push push) {
    String text = push.content().isEmpty() ? push.data().toStringUtf8() : push.content();
    say("push " + push.seqId() + ": " + push.message() + ": " + text);
  }

  private synchronized void say(@Nullable String line) {
    out.println(line);
    out.flush();
  }
}
