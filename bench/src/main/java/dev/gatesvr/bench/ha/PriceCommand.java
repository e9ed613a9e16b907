package dev.gatesvr.bench.ha;

import dev.gatesvr.bench.ratio.Ratio;
import dev.gatesvr.bench.ratio.Rig;
import dev.gatesvr.cmd.Cli;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench ha price}. */
@Command(
    name = "price",
    description = "Replication off, async, semi and sync under the same load, in turns.")
final class PriceCommand implements Callable<Integer> {
  private static final int PAYLOAD = 128;

  @Mixin private HaOptions options = new HaOptions();

  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private int rounds = 5;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Messages a second: half requests, half pushes. Default: ${DEFAULT-VALUE}")
  private int rate = 2_000;

  @Option(names = "--players", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}")
  private int players = 100;

  @Option(
      names = "--segment",
      paramLabel = "DURATION",
      description = "Of one mode; each has two in a round. Default: 5s")
  private Duration segment = Duration.ofSeconds(5);

  @Option(
      names = "--warmup",
      paramLabel = "DURATION",
      description = "Of each mode, before anything counts. Default: 20s")
  private Duration warmup = Duration.ofSeconds(20);

  private final Map<String, PriceSide> sides = new LinkedHashMap<>();
  private final Map<String, List<PriceSide.Segment>> measured = new LinkedHashMap<>();
  private final Map<String, List<Double>> ratios = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Table all = PriceSide.Segment.table();
    try (Rig rig = options.rig(true)) {
      open(rig);
      for (PriceSide side : sides.values()) {
        options.note("warming up " + side.name());
        side.run(rate, warmup);
      }
      for (int number = 1; number <= rounds; number++) {
        round(number, all);
      }
      options.print(rig, table(), all, remarks(rig));
    }
    return Cli.OK;
  }

  private void open(Rig rig) throws IOException, InterruptedException {
    String witnesses = Pair.witnesses(rig);
    Ports ports = new Ports();
    for (String mode : List.of("off", "async", "semi", "sync")) {
      options.note("starting " + mode);
      List<PairNode> nodes;
      if (mode.equals("off")) {
        PairNode single = rig.opened(new PairNode(mode, rig.servers(), ports, true));
        single.set(options.settings());
        single.start();
        Patience.await(Duration.ofMinutes(1), "a gateway answers", () -> single.status() != null);
        nodes = List.of(single);
      } else {
        nodes = Pair.start(rig, ports, mode, mode, witnesses, options.settings()).nodes();
      }
      PushSource source =
          rig.opened(new PushSource(nodes.stream().map(PairNode::grpc).toList(), PAYLOAD));
      Players connected =
          rig.opened(
              Players.connect(
                  mode + "-",
                  rig.trust(),
                  nodes,
                  new Players.Numbers(0, 0, players),
                  options.timing()));
      sides.put(mode, new PriceSide(mode, nodes, source, connected.crowd()));
      measured.put(mode, new ArrayList<>());
      ratios.put(mode, new ArrayList<>());
    }
  }

  /** Each mode twice, there and back, so that all see the same weather. */
  private void round(int number, Table all) throws IOException, InterruptedException {
    List<PriceSide> order = new ArrayList<>(sides.values());
    order.addAll(List.copyOf(sides.values()).reversed());
    Map<String, Double> micros = new LinkedHashMap<>();
    for (PriceSide side : order) {
      PriceSide.Segment part = side.run(rate, segment);
      measured.getOrDefault(side.name(), List.of()).add(part);
      micros.merge(side.name(), part.primaryMicros(), Double::sum);
      all.add(part.cells(number, side.name()));
      options.note("round " + number + ", " + side.name() + ": " + part);
    }
    double off = micros.getOrDefault("off", Double.NaN);
    micros.forEach((mode, sum) -> ratios.getOrDefault(mode, List.of()).add(sum / off));
  }

  private Table table() {
    Table table =
        new Table(
            "replication",
            "primary CPU us/message",
            "to off",
            "standby CPU us/message",
            "push acknowledged p50 ms",
            "p99",
            "added p50",
            "p99",
            "push delivered p50 ms",
            "p99",
            "request p50 ms",
            "p99",
            "added p50",
            "p99");
    List<PriceSide.Segment> off = measured.getOrDefault("off", List.of());
    measured.forEach((mode, segments) -> table.add(cells(mode, segments, off)));
    return table;
  }

  private List<String> cells(
      String mode, List<PriceSide.Segment> segments, List<PriceSide.Segment> off) {
    List<String> cells = new ArrayList<>();
    cells.add(mode);
    cells.add(Ratio.of(segments.stream().map(PriceSide.Segment::primaryMicros).toList()).range());
    cells.add(mode.equals("off") ? "1" : Ratio.of(ratios.getOrDefault(mode, List.of())).toString());
    cells.add(Ratio.of(segments.stream().map(PriceSide.Segment::standbyMicros).toList()).range());
    Histogram acks = PriceSide.Segment.sum(segments, PriceSide.Segment::acks);
    cells.addAll(percentiles(acks));
    cells.addAll(added(acks, PriceSide.Segment.sum(off, PriceSide.Segment::acks)));
    cells.addAll(percentiles(PriceSide.Segment.sum(segments, PriceSide.Segment::delivery)));
    Histogram requests = PriceSide.Segment.sum(segments, PriceSide.Segment::requests);
    cells.addAll(percentiles(requests));
    cells.addAll(added(requests, PriceSide.Segment.sum(off, PriceSide.Segment::requests)));
    return cells;
  }

  private static List<String> percentiles(Histogram nanos) {
    return List.of(
        "%.2f".formatted(nanos.getValueAtPercentile(50) / 1e6),
        "%.2f".formatted(nanos.getValueAtPercentile(99) / 1e6));
  }

  private static List<String> added(Histogram nanos, Histogram off) {
    return List.of(
        "%+.2f".formatted((nanos.getValueAtPercentile(50) - off.getValueAtPercentile(50)) / 1e6),
        "%+.2f".formatted((nanos.getValueAtPercentile(99) - off.getValueAtPercentile(99)) / 1e6));
  }

  private String remarks(Rig rig) {
    double busiest =
        measured.values().stream()
            .flatMap(List::stream)
            .mapToDouble(PriceSide.Segment::primaryShare)
            .max()
            .orElse(0);
    return """
        %,d messages a second (half requests to the zone and back, half pushes, %d bytes), %d players; latency from the planned \
        time. CPU without the JIT's; median of all segments, smallest and largest. To off: median of %d rounds there and back. %s; \
        standbys on the load's. The primary was busy for %.2f cores at most.
        """
        .formatted(rate, PAYLOAD, players, rounds, rig.servers().cores(), busiest);
  }
}
