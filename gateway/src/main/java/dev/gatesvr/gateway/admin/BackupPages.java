package dev.gatesvr.gateway.admin;

import dev.gatesvr.gateway.admin.PairView.SwitchResult;
import dev.gatesvr.gateway.admin.http.Page;
import dev.gatesvr.gateway.admin.http.Reply;
import dev.gatesvr.gateway.admin.http.Request;
import dev.gatesvr.gateway.admin.http.RequestException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /backup/stats}, and the two commands {@code /backup/switch} and {@code force-lead}. */
final class BackupPages {
  private static final Logger log = LoggerFactory.getLogger(BackupPages.class);

  /** Far more than a switchover takes; what is not over by then is answered with 202. */
  private static final long TIMEOUT_SECONDS = 10;

  private static final List<String> CHANGE = List.of("POST");

  private final PairView pair;
  private final AdminAccess access;

  BackupPages(PairView pair, AdminAccess access) {
    this.pair = pair;
    this.access = access;
  }

  private record Outcome(String outcome, String leader, double stallMs, String detail) {}

  Map<String, Page> pages() {
    return Map.of(
        "/backup/stats",
        request -> CompletableFuture.completedStage(stats()),
        "/backup/switch",
        command("switchover", pair::switchOver),
        "/backup/force-lead",
        command("force-lead", pair::forceLead));
  }

  private Reply stats() {
    return Json.reply(200, pair.status());
  }

  private Page command(String name, Supplier<CompletionStage<SwitchResult>> command) {
    return new Page() {
      @Override
      public List<String> methods(String path) {
        return CHANGE;
      }

      @Override
      public CompletionStage<Reply> answer(Request request) {
        access.check(request.caller());
        log.info("{} asked for by {}", name, request.caller());
        return command
            .get()
            .toCompletableFuture()
            .copy()
            .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .handle((result, failure) -> reply(name, result, failure));
      }
    };
  }

  private static Reply reply(String name, SwitchResult result, Throwable failure) {
    if (failure instanceof TimeoutException) {
      return started("no outcome within " + TIMEOUT_SECONDS + " s; look at /backup/stats");
    }
    if (failure != null) {
      throw new IllegalStateException(name + " failed", failure);
    }
    log.info("{}: {}", name, result);
    return switch (result) {
      case SwitchResult.Done(String leader, double stallMillis) ->
          Json.reply(200, new Outcome("done", leader, Json.rounded(stallMillis), ""));
      case SwitchResult.Started(String detail) -> started(detail);
      case SwitchResult.Refused(String reason) -> throw new RequestException(409, reason);
      case SwitchResult.Off() ->
          throw new RequestException(501, "backup.enabled: false (there is no pair)");
    };
  }

  private static Reply started(String detail) {
    return Json.reply(202, new Outcome("started", "", 0, detail));
  }
}
