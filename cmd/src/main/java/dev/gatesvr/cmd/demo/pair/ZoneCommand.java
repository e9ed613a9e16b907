package dev.gatesvr.cmd.demo.pair;

import dev.gatesvr.cmd.Cli;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.ServiceObserver;
import dev.gatesvr.upstream.service.UpstreamService;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code demo-ha zone}, what each of the six upstream processes runs: a witness, and a zone with
 * three actions. {@code begin} starts pushes of numbers to the player, {@code work} answers with
 * the number it got and remembers that it ran, {@code end} stops the pushes and answers with the
 * player's {@link Ledger}.
 */
@Command(
    name = "zone",
    description = "One of the six upstreams; demo-ha starts it.",
    hidden = true,
    sortOptions = false)
final class ZoneCommand implements Callable<Integer> {
  static final String BEGIN = "begin";
  static final String WORK = "work";
  static final String END = "end";

  /** More than the demonstration can have. */
  private static final int PLAYERS_MAX = 10_000;

  private static final int WORK_MAX = 100_000;

  /** A failover on a busy machine; a push that waits this long was still not lost. */
  private static final Duration PUSH_RETRY = Duration.ofSeconds(10);

  private static final Duration SETTLE = Duration.ofSeconds(12);
  private static final Duration DRAIN = Duration.ofSeconds(3);

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("feed", true));
  private final Map<String, Feed> feeds = new ConcurrentHashMap<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--zone", required = true, description = "001 to 006.")
  private String zone = "";

  @Option(names = "--gateway", required = true, description = "gRPC address, repeatable.")
  private List<String> gateways = List.of();

  @Option(names = "--witness", required = true, description = "An empty folder for votes.")
  private Path votes = Path.of("");

  @Option(names = "--every", defaultValue = "200ms", description = "Between two pushes.")
  private Duration every = Duration.ZERO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    UpstreamService service = start();
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(service, stopped), "zone-stop"));
    say("zone " + zone + " listening on " + service.address());
    stopped.await();
    return Cli.OK;
  }

  private UpstreamService start() throws IOException {
    var builder =
        UpstreamService.builder()
            .zone(zone)
            .listen("127.0.0.1:0")
            .serviceName("demo-ha-" + zone)
            .witness(votes, true)
            .pushRetry(PUSH_RETRY)
            .observer(new Announcer())
            .on(BEGIN, this::begin)
            .on(WORK, this::work)
            .on(END, this::end);
    gateways.forEach(builder::gateway);
    return builder.start();
  }

  private void stop(UpstreamService service, CountDownLatch stopped) {
    clock.shutdownNow();
    service.stop(DRAIN);
    stopped.countDown();
    Runtime.getRuntime().halt(Cli.OK);
  }

  private Reply begin(RequestContext request) {
    if (feeds.size() >= PLAYERS_MAX) {
      return Reply.error(Reply.FAILED, "more than " + PLAYERS_MAX + " players");
    }
    Feed feed = new Feed(request.openid(), request.gateways());
    if (feeds.putIfAbsent(request.openid(), feed) == null) {
      // Half a beat after the player's own, so that something arrives twice as often.
      var unused =
          clock.scheduleAtFixedRate(
              feed::push, every.toNanos() / 2, every.toNanos(), TimeUnit.NANOSECONDS);
    }
    return Reply.ok(BEGIN);
  }

  private Reply work(RequestContext request) {
    int number = Integer.parseInt(request.data().toStringUtf8());
    if (number < 1 || number > WORK_MAX) {
      return Reply.error(Reply.BAD_REQUEST, number + " (expected: 1 to " + WORK_MAX + ")");
    }
    feed(request).ran(number);
    return Reply.ok(WORK, Integer.toString(number));
  }

  private Reply end(RequestContext request) throws InterruptedException {
    return Reply.ok(END, feed(request).stop(System.nanoTime() + SETTLE.toNanos()).text());
  }

  private Feed feed(RequestContext request) {
    Feed feed = feeds.get(request.openid());
    if (feed == null) {
      throw new IllegalStateException("no begin before " + request.action());
    }
    return feed;
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private final class Announcer implements ServiceObserver {
    @Override
    public void onRegistered(String gateway) {
      say("zone " + zone + " registered with " + gateway);
    }

    @Override
    public void onLost(String gateway, String why) {
      say("zone " + zone + " not registered with " + gateway + ": " + why);
    }
  }
}
