package dev.gatesvr.cmd.upstream;

import dev.gatesvr.upstream.service.ActionHandler;
import dev.gatesvr.upstream.service.BroadcastResult;
import dev.gatesvr.upstream.service.Notice;
import dev.gatesvr.upstream.service.PushResult;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.UpstreamServiceBuilder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** What the demonstration service answers. Thread-safe. */
final class DemoActions {
  private static final int PLAYERS_MAX = 10_000;
  private static final int PLAYERS_LISTED_MAX = 100;

  private final String zone;
  private final InstantSource clock;
  private final long startMillis;
  private final SeenPlayers players = new SeenPlayers(PLAYERS_MAX);

  DemoActions(String zone, InstantSource clock) {
    this.zone = zone;
    this.clock = clock;
    this.startMillis = clock.millis();
  }

  void addTo(UpstreamServiceBuilder service) {
    service.on("hello", seen(this::hello));
    service.on("logout", this::logout);
    service.on("echo", seen(request -> Reply.ok("echo", request.data())));
    service.onIdempotent("time", seen(this::time));
    service.onIdempotent("calculate", seen(DemoActions::calculate));
    service.onIdempotent("status", seen(this::status));
    service.onIdempotent("user_list", seen(this::userList));
    service.on("broadcast", seen(this::broadcast));
    service.on("before", seen(DemoActions::before));
    service.on("after", seen(DemoActions::after));
  }

  private ActionHandler seen(ActionHandler handler) {
    return request -> {
      players.seen(request.openid());
      return handler.handle(request);
    };
  }

  private Reply hello(RequestContext request) {
    String greeting = "Hello, " + request.openid() + ", from zone " + zone;
    return Reply.ok(greeting, greeting);
  }

  private Reply logout(RequestContext request) {
    players.left(request.openid());
    return Reply.ok("Goodbye, " + request.openid());
  }

  private Reply time(RequestContext request) {
    Instant now = clock.instant();
    return Reply.ok(now.toString(), Long.toString(now.toEpochMilli()));
  }

  private static Reply calculate(RequestContext request) {
    String operation = request.param("operation", "");
    String a = request.param("a", "");
    String b = request.param("b", "");
    try {
      String result = Calculator.calculate(operation, a, b);
      return Reply.ok(operation + "(" + a + ", " + b + ") = " + result, result);
    } catch (IllegalArgumentException e) {
      return Reply.error(Reply.BAD_REQUEST, String.valueOf(e.getMessage()));
    }
  }

  private Reply status(RequestContext request) {
    long uptimeSeconds = (clock.millis() - startMillis) / 1_000;
    return Reply.ok(
        "zone " + zone + " is healthy",
        "zone=" + zone + " uptime_seconds=" + uptimeSeconds + " players=" + players.size());
  }

  private Reply userList(RequestContext request) {
    List<String> newest = players.newest(PLAYERS_LISTED_MAX);
    return Reply.ok(
        players.size() + " players seen, " + newest.size() + " listed", String.join("\n", newest));
  }

  private Reply broadcast(RequestContext request) throws ExecutionException, InterruptedException {
    Notice notice =
        Notice.of(
            "broadcast",
            "From " + request.openid(),
            request.param("message", request.data().toStringUtf8()));
    BroadcastResult result = request.gateways().broadcast(notice).toCompletableFuture().get();
    return result.gatewaysAnswered() == 0
        ? Reply.error(Reply.FAILED, "no gateway took the broadcast: " + result.message())
        : Reply.ok("sent to " + result.sentCount() + " players", "" + result.sentCount());
  }

  private static Reply before(RequestContext request)
      throws ExecutionException, InterruptedException {
    return replyAfter(
        "before", request.notifyBefore(Notice.of("before", "Before the reply", "1 of 2")));
  }

  private static Reply after(RequestContext request)
      throws ExecutionException, InterruptedException {
    return replyAfter(
        "after", request.notifyAfter(Notice.of("after", "After the reply", "2 of 2")));
  }

  /** Waits only to tell the player what became of the notify; the order needs no waiting. */
  private static Reply replyAfter(String action, CompletionStage<PushResult> notify)
      throws ExecutionException, InterruptedException {
    PushResult result = notify.toCompletableFuture().get();
    return result.accepted()
        ? Reply.ok(action)
        : Reply.error(
            Reply.FAILED, "the notify was not taken: " + result.outcome() + " " + result.message());
  }
}
