package dev.gatesvr.chaos;

import dev.gatesvr.testkit.TcpRelay;
import dev.gatesvr.testkit.TestCertificate;
import dev.gatesvr.testkit.UdpRelay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * One gateway of the pair: a place with fixed ports and a relay before each, in which one process
 * after the other lives.
 */
final class Node implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final String id;
  private final Path folder;
  private final int quicPort;
  private final int grpcPort;
  private final int linkPort;

  /** Between players and this gateway. */
  final UdpRelay players;

  /** Between upstreams and this gateway: registrations and pushes. */
  final TcpRelay upstreams;

  /** Before the port where this gateway waits for the other. */
  final TcpRelay link;

  /** Between this gateway and each witness. */
  final List<TcpRelay> witnesses = new ArrayList<>();

  private @Nullable ChildProcess process;
  private String http = "";
  private String metrics = "";
  private int starts;

  Node(String id, Path folder, Ports ports, List<Integer> witnessPorts, long seed) {
    this.id = id;
    this.folder = folder;
    quicPort = ports.next();
    grpcPort = ports.next();
    linkPort = ports.next();
    players = UdpRelay.start(Ports.at(quicPort), seed);
    upstreams = TcpRelay.start(Ports.at(grpcPort));
    link = TcpRelay.start(Ports.at(linkPort));
    for (int port : witnessPorts) {
      witnesses.add(TcpRelay.start(Ports.at(port)));
    }
  }

  String id() {
    return id;
  }

  /** Where players connect to. */
  String playerAddress() {
    return Ports.text(players.address().getPort());
  }

  /** Where upstreams register. */
  String upstreamAddress() {
    return Ports.text(upstreams.address().getPort());
  }

  /** {@code host:port} of the pages for operators; another one after each start. */
  String http() {
    return http;
  }

  /** {@code host:port} of the metrics. */
  String metrics() {
    return metrics;
  }

  ChildProcess process() {
    if (process == null) {
      throw new IllegalStateException(id + " was never started");
    }
    return process;
  }

  boolean up() {
    return process != null && process.alive() && !process.paused();
  }

  // ---------------------------------------------------------------- processes

  /** Writes the configuration of this gateway. */
  void configure(Node other, TestCertificate certificate, Plan plan) {
    StringBuilder text = new StringBuilder();
    line(text, 0, "server:");
    line(text, 1, "quic_addr: \"" + Ports.text(quicPort) + "\"");
    line(text, 1, "grpc_addr: \"" + Ports.text(grpcPort) + "\"");
    line(text, 1, "http_addr: \"127.0.0.1:0\"");
    line(text, 1, "metrics_addr: \"127.0.0.1:0\"");
    line(text, 1, "cert_file: " + certificate.certFile());
    line(text, 1, "key_file: " + certificate.keyFile());
    line(text, 1, "io_threads: 2");
    line(text, 0, "overload_protection:");
    line(text, 1, "enabled: false");
    if (plan.pair()) {
      pair(text, other, plan);
    }
    try {
      Files.writeString(folder.resolve(id + ".yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void pair(StringBuilder text, Node other, Plan plan) {
    line(text, 0, "backup:");
    line(text, 1, "enabled: true");
    line(text, 1, "mode: " + (id.equals("A") ? "primary" : "backup"));
    line(text, 1, "server_id: " + id);
    line(text, 1, "pair: chaos");
    line(text, 1, "player_addr: \"" + playerAddress() + "\"");
    line(text, 1, "replication: " + plan.replication());
    line(text, 1, "strict: " + plan.strict());
    line(text, 1, "sync:");
    line(text, 2, "listen_addr: \"" + Ports.text(linkPort) + "\"");
    line(text, 2, "peer_addr: \"" + Ports.text(other.link.address().getPort()) + "\"");
    // A busy machine must not make a second failure of every first one.
    line(text, 2, "timeout: 2s");
    line(text, 1, "link:");
    line(text, 2, "private_network: true");
    line(text, 1, "witnesses:");
    for (TcpRelay witness : witnesses) {
      line(text, 2, "- \"" + Ports.text(witness.address().getPort()) + "\"");
    }
  }

  private static void line(StringBuilder text, int depth, String line) {
    text.append("  ".repeat(depth)).append(line).append('\n');
  }

  /** Starts a process; {@link #awaitBanner} waits for it. */
  void start() {
    starts++;
    process =
        ChildProcess.start(
            "gateway-" + id + "-" + starts,
            folder,
            GatewayChild.class,
            List.of(
                "-Xmx256m",
                "-Dgatesvr.log.file=" + folder.resolve("gateway-" + id + "-rolling.log")),
            List.of("-config", folder.resolve(id + ".yaml").toString()));
  }

  /** Waits until the process says where it listens. */
  void awaitBanner() {
    Matcher operators = process().await("operators\\s+http://([^/]+)/stats", START_TIMEOUT);
    http = operators.group(1);
    metrics = process().await("metrics\\s+http://([^/]+)/metrics", START_TIMEOUT).group(1);
  }

  // ---------------------------------------------------------------- network

  /** The relays for TCP, all of them. */
  List<TcpRelay> tcp() {
    List<TcpRelay> all = new ArrayList<>(witnesses);
    all.add(upstreams);
    all.add(link);
    return all;
  }

  /** Everything passes again. */
  void mend() {
    players.drop(0);
    players.delay(Duration.ZERO);
    players.jitter(Duration.ZERO);
    players.duplicate(0);
    for (TcpRelay relay : tcp()) {
      Relays.mend(relay);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    players.close();
    tcp().forEach(TcpRelay::close);
  }
}
