package dev.gatesvr.chaos;

import dev.gatesvr.upstream.route.ZoneId;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.ServiceLimits;
import dev.gatesvr.upstream.service.UpstreamService;
import dev.gatesvr.upstream.service.UpstreamServiceBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A process with some zones, the first of which is a witness too. It writes down every run of a
 * request and every push with its outcome, and takes its orders from stdin: {@code load STREAM RATE
 * OPENIDS}, {@code burst COUNT}, {@code rest}.
 */
public final class ZoneChild {
  private static final int REQUESTS_MAX = 4_096;
  private static final int PER_SESSION_MAX = 64;

  private final History.Writer history;
  private final Map<ZoneId, UpstreamService> services = new EnumMap<>(ZoneId.class);
  private final Pushes pushes;

  private ZoneChild(Map<String, String> settings) throws IOException {
    history = new History.Writer(Path.of(of(settings, "history")));
    String witness = settings.getOrDefault("witness", "");
    for (String zone : of(settings, "zones").split(",")) {
      int colon = zone.indexOf(':');
      UpstreamServiceBuilder builder =
          UpstreamService.builder()
              .zone(zone.substring(0, colon))
              .listen("127.0.0.1" + zone.substring(colon))
              .limits(
                  new ServiceLimits(
                      REQUESTS_MAX, PER_SESSION_MAX, PER_SESSION_MAX, Duration.ofSeconds(5)))
              .on("work", this::work);
      for (String gateway : of(settings, "gateways").split(",")) {
        builder.gateway(gateway);
      }
      if (!witness.isEmpty() && services.isEmpty()) {
        builder.witness(Path.of(witness), settings.containsKey("create"));
      }
      UpstreamService service = builder.start();
      services.put(service.zone(), service);
    }
    pushes = new Pushes(services, history);
  }

  private static String of(Map<String, String> settings, String key) {
    String value = settings.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  public static void main(String[] args) throws IOException {
    ZoneChild child =
        new ZoneChild(
            Arrays.stream(args)
                .map(arg -> arg.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    System.out.println("serving");
    Orphan.watch(child::order);
  }

  private void order(String line) {
    List<String> words = List.of(line.split(" "));
    switch (words.getFirst()) {
      case "load" -> {
        List<String> openids = List.of(words.get(3).split(","));
        pushes.load(words.get(1), Integer.parseInt(words.get(2)), openids);
      }
      case "burst" -> pushes.burst(Integer.parseInt(words.get(1)));
      case "rest" -> {
        String stream = pushes.rest();
        System.out.println("resting after " + stream);
      }
      default -> System.out.println("unknown order: " + line);
    }
  }

  /** The request's data is its name; the answer says which process ran it. */
  private Reply work(RequestContext request) throws InterruptedException {
    String name = request.data().toStringUtf8();
    long incarnation = services.values().iterator().next().incarnation();
    history.ran(name, request.sessionId(), request.clientSeqId(), incarnation);
    int millis = Integer.parseInt(request.param("millis", "0"));
    if (millis > 0) {
      Thread.sleep(millis);
    }
    return Reply.ok(Long.toHexString(incarnation), name);
  }
}
