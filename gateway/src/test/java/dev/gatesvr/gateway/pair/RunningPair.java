package dev.gatesvr.gateway.pair;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.EtcdConfig;
import dev.gatesvr.gateway.config.HeartbeatConfig;
import dev.gatesvr.gateway.config.LinkConfig;
import dev.gatesvr.gateway.config.SyncConfig;
import dev.gatesvr.gateway.support.RunningGateway;
import dev.gatesvr.testkit.TcpRelay;
import dev.gatesvr.upstream.service.Reply;
import dev.gatesvr.upstream.service.RequestContext;
import dev.gatesvr.upstream.service.UpstreamService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Two gateways in one process, with a relay on every way between them, and witnesses. */
final class RunningPair implements AutoCloseable {
  private static final int WITNESSES = 3;

  private final TcpRelay linkToA = TcpRelay.start();
  private final TcpRelay linkToB = TcpRelay.start();
  private final TcpRelay grpcToA = TcpRelay.start();
  private final TcpRelay grpcToB = TcpRelay.start();
  private final List<UpstreamService> zones = new ArrayList<>();
  private final Map<String, Integer> runs = new ConcurrentHashMap<>();
  private final RunningGateway a;
  private final RunningGateway b;

  RunningPair(BackupConfig.Replication replication) {
    List<String> witnesses = new ArrayList<>();
    for (int zone = 1; zone <= WITNESSES; zone++) {
      UpstreamService started = zone(zone);
      zones.add(started);
      witnesses.add("127.0.0.1:" + started.port());
    }
    a = gateway("a", BackupConfig.Mode.PRIMARY, linkToB, replication, witnesses);
    linkToA.redirect(a.gateway().pairAddress());
    grpcToA.redirect(a.gateway().grpcAddress());
    b = gateway("b", BackupConfig.Mode.BACKUP, linkToA, replication, witnesses);
    linkToB.redirect(b.gateway().pairAddress());
    grpcToB.redirect(b.gateway().grpcAddress());
  }

  private UpstreamService zone(int zone) {
    try {
      Path directory = Files.createTempDirectory("gatesvr-witness");
      return UpstreamService.builder()
          .zone("00" + zone)
          .listen("127.0.0.1:0")
          .gateway(text(grpcToA.address()))
          .gateway(text(grpcToB.address()))
          .witness(directory, true)
          .on("work", this::work)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply work(RequestContext request) {
    runs.merge(request.data().toStringUtf8(), 1, Integer::sum);
    return Reply.ok("", request.data().toStringUtf8());
  }

  private static String text(InetSocketAddress address) {
    return "127.0.0.1:" + address.getPort();
  }

  private static RunningGateway gateway(
      String serverId,
      BackupConfig.Mode mode,
      TcpRelay peer,
      BackupConfig.Replication replication,
      List<String> witnesses) {
    return RunningGateway.start(
        new RunningGateway.Settings()
            .backup(
                new BackupConfig(
                    true,
                    mode,
                    serverId,
                    false,
                    new HeartbeatConfig(Duration.ofMillis(50), "", "", Duration.ofMillis(300)),
                    new SyncConfig(
                        text(peer.address()), "127.0.0.1:0", 64, Duration.ofMillis(500), 10_000),
                    "pair",
                    "",
                    replication,
                    false,
                    BackupConfig.ArbiterKind.AUTO,
                    witnesses,
                    new EtcdConfig(List.of(), ""),
                    new LinkConfig("", "", "", true),
                    64 << 10,
                    Duration.ZERO)));
  }

  RunningGateway a() {
    return a;
  }

  RunningGateway b() {
    return b;
  }

  /** The two do not hear one another; both hear the witnesses. */
  void cutLink() {
    linkToA.refuse(true);
    linkToB.refuse(true);
    linkToA.cut();
    linkToB.cut();
  }

  void mendLink() {
    linkToA.refuse(false);
    linkToB.refuse(false);
  }

  /** How often each request ran. */
  Map<String, Integer> runs() {
    return runs;
  }

  UpstreamService zone() {
    return zones.getFirst();
  }

  /** Waits until one leads and the other is in sync. */
  void awaitPaired(RunningGateway leader) {
    RunningGateway.eventually(
        () -> leader.get("/backup/stats").body().contains("\"partner\":\"paired\""));
    assertThat(leader.get("/ready").statusCode()).isEqualTo(200);
  }

  @Override
  public void close() {
    a.close();
    b.close();
    zones.forEach(UpstreamService::close);
    linkToA.close();
    linkToB.close();
    grpcToA.close();
    grpcToB.close();
  }
}
