package dev.gatesvr.cmd.demo;

import dev.gatesvr.client.Push;
import dev.gatesvr.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What the players ask, and what must come of it. */
final class DemoScenario {
  private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofMinutes(1);
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String BROADCAST = "broadcast";

  private final List<DemoPlayer> players;
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /** Asks for one thing, and says in one line what came of it. */
  @FunctionalInterface
  private interface Check {
    /**
     * @throws DemoException when it is not what it must be
     */
    String run(DemoPlayer player) throws InterruptedException;
  }

  /**
   * One line of the table.
   *
   * @param result what was got, or why it is wrong
   */
  record Row(
      String zone, String player, String action, String result, long tookNanos, boolean good) {}

  DemoScenario(List<DemoPlayer> players) {
    this.players = List.copyOf(players);
    checks.put("hello", DemoScenario::hello);
    checks.put("echo", DemoScenario::echo);
    checks.put("time", DemoScenario::time);
    checks.put("calculate", DemoScenario::calculate);
    checks.put("status", DemoScenario::status);
    checks.put(BEFORE, DemoScenario::before);
    checks.put(AFTER, DemoScenario::after);
    checks.put(BROADCAST, this::broadcast);
  }

  /** Runs everything in every zone, then looks for what came twice or was never asked for. */
  List<Row> run(Consumer<Row> progress) throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    for (DemoPlayer player : players) {
      for (Map.Entry<String, Check> check : checks.entrySet()) {
        Row row = run(player, check.getKey(), check.getValue());
        rows.add(row);
        progress.accept(row);
      }
    }
    return rows;
  }

  private static Row run(DemoPlayer player, String action, Check check)
      throws InterruptedException {
    long start = System.nanoTime();
    String result;
    boolean good = false;
    try {
      result = check.run(player);
      good = true;
    } catch (DemoException e) {
      result = String.valueOf(e.getMessage());
    }
    long took = System.nanoTime() - start;
    return new Row(player.zone().toString(), player.openid(), action, result, took, good);
  }

  /** What is wrong with the pushes of all players taken together; empty when nothing is. */
  List<String> strays() {
    List<String> wrong = new ArrayList<>();
    for (DemoPlayer player : players) {
      expect(wrong, player, BROADCAST, players.size());
      expect(wrong, player, BEFORE, 1);
      expect(wrong, player, AFTER, 1);
      int all = player.pushes(push -> true).size();
      if (all != players.size() + 2) {
        wrong.add("player %s got %d pushes".formatted(player.openid(), all));
      }
      long last = 0;
      for (Push push : player.pushes(push -> true)) {
        if (push.seqId() <= last) {
          wrong.add("player %s got %d after %d".formatted(player.openid(), push.seqId(), last));
        }
        last = push.seqId();
      }
    }
    return wrong;
  }

  private static void expect(List<String> wrong, DemoPlayer player, String type, int count) {
    int found = player.pushes(push -> push.type().equals(type)).size();
    if (found != count) {
      wrong.add(
          "player %s got %d pushes of type %s (expected: %d)"
              .formatted(player.openid(), found, type, count));
    }
  }

  private static String hello(DemoPlayer player) {
    String text = player.ask("hello", Map.of(), "").text();
    return must(
        text.contains(player.openid()) && text.contains(player.zone().toString()),
        text,
        "a greeting from zone " + player.zone());
  }

  private static String echo(DemoPlayer player) {
    String said = "ping from ☃ " + player.openid();
    String text = player.ask("echo", Map.of(), said).text();
    return must(text.equals(said), text, said);
  }

  private static String time(DemoPlayer player) {
    Response response = player.ask("time", Map.of(), "");
    Instant told = Instant.ofEpochMilli(Long.parseLong(response.text()));
    Duration difference = Duration.between(told, Instant.now()).abs();
    return must(
        difference.compareTo(CLOCK_DIFFERENCE_MAX) < 0, response.message(), "the time of day");
  }

  private static String calculate(DemoPlayer player) {
    Response response =
        player.ask("calculate", Map.of("operation", "multiply", "a", "6", "b", "7"), "");
    return must(response.text().equals("42"), response.message(), "42");
  }

  private static String status(DemoPlayer player) {
    Response response = player.ask("status", Map.of(), "");
    return must(
        response.text().contains("zone=" + player.zone()), response.message(), "the zone's status");
  }

  /** The push must have been handled when the answer arrives: no waiting for it. */
  private static String before(DemoPlayer player) {
    Response response = player.ask(BEFORE, Map.of(), "");
    List<Push> pushes = player.pushes(push -> push.type().equals(BEFORE));
    boolean good = pushes.size() == 1 && pushes.getFirst().seqId() == response.seqId() - 1;
    return must(good, "push, then answer", "one push right before the answer");
  }

  private static String after(DemoPlayer player) throws InterruptedException {
    Response response = player.ask(AFTER, Map.of(), "");
    Push push = player.await("the push after the answer", got -> got.type().equals(AFTER));
    return must(
        push.seqId() == response.seqId() + 1,
        "answer, then push",
        "one push right after the answer");
  }

  private String broadcast(DemoPlayer player) throws InterruptedException {
    String message = "hello from zone " + player.zone();
    Response response = player.ask(BROADCAST, Map.of("message", message), "");
    must(
        response.text().equals(Integer.toString(players.size())),
        response.message(),
        "sent to " + players.size());
    for (DemoPlayer other : players) {
      other.await("the broadcast of zone " + player.zone(), got -> got.content().equals(message));
    }
    return "all " + players.size() + " players got it";
  }

  private static String must(boolean holds, String result, String expected) {
    if (!holds) {
      throw new DemoException(result + " (expected: " + expected + ")");
    }
    return result;
  }
}
