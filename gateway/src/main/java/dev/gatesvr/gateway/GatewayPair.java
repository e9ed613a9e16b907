package dev.gatesvr.gateway;

import dev.gatesvr.backup.link.LinkSecurity;
import dev.gatesvr.backup.role.RoleInput;
import dev.gatesvr.backup.role.RoleSettings;
import dev.gatesvr.gateway.admin.PairView;
import dev.gatesvr.gateway.auth.key.SharedKeys;
import dev.gatesvr.gateway.config.BackupConfig;
import dev.gatesvr.gateway.config.ConfigException;
import dev.gatesvr.gateway.config.GatewayConfig;
import dev.gatesvr.gateway.config.LinkConfig;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.gateway.pair.Pair;
import dev.gatesvr.gateway.pair.PairLead;
import dev.gatesvr.gateway.pair.PairPort;
import dev.gatesvr.gateway.pair.PairSettings;
import dev.gatesvr.gateway.replica.ReplicationMode;
import dev.gatesvr.gateway.replica.StandbySessions;
import dev.gatesvr.gateway.shard.SessionDirectory;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.proto.LogEntry;
import dev.gatesvr.session.SessionLimits;
import dev.gatesvr.upstream.grpc.FenceGate;
import dev.gatesvr.upstream.grpc.FenceRecorder;
import dev.gatesvr.upstream.grpc.UpstreamCaller;
import dev.gatesvr.upstream.registry.RegistryObserver;
import dev.gatesvr.upstream.registry.UpstreamRegistry;
import dev.gatesvr.upstream.route.UpstreamInstance;
import dev.gatesvr.upstream.route.ZoneId;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pair of a running gateway: its parts, and the loop that they run on. */
final class GatewayPair implements PairPort, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayPair.class);

  /** Between two questions to a register that does not answer. */
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Parts parts;
  private final Runnable offerToAll;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("pair", true), NioIoHandler.newFactory());
  private final FenceRecorder fences;
  private final PairArbiter arbiter;
  private final Pair pair;

  /**
   * What the pair needs of its gateway.
   *
   * @param caller whose loop and channels record terms
   * @param players where players connect
   */
  record Parts(
      List<SessionShard> shards,
      OverloadGuard guard,
      SessionDirectory directory,
      UpstreamRegistry registry,
      FenceGate gate,
      UpstreamCaller caller,
      PairLead lead,
      SharedKeys keys,
      AtomicLong numbers,
      SessionLimits limits,
      InetSocketAddress players) {}

  private GatewayPair(GatewayConfig config, Parts parts, Runnable offerToAll) {
    this.parts = parts;
    this.offerToAll = offerToAll;
    BackupConfig backup = config.backup();
    String incarnation = PairParts.incarnation(backup.serverId());
    this.arbiter = PairArbiter.open(backup, incarnation);
    this.fences =
        FenceRecorder.start(
            parts.caller(),
            parts.registry(),
            parts.gate(),
            FenceRecorder.Settings.defaults(),
            new FenceRecorder.Observer() {
              @Override
              public void onReady(ZoneId zone) {
                parts.shards().forEach(shard -> shard.execute(() -> shard.zoneReady(zone)));
              }

              @Override
              public void onFenced(String pairName, long term) {
                fencedBy(term);
              }
            });
    this.pair =
        new Pair(
            settings(config, incarnation, parts),
            group.next(),
            arbiter.arbiter(),
            parts.shards(),
            new StandbySessions(parts.limits(), parts.registry()::registerReplicated),
            parts.lead(),
            this);
  }

  /**
   * Joins the pair.
   *
   * @param offerToAll tells players that wait here that they may start
   * @throws ConfigException when an address is taken or a certificate cannot be used
   */
  static GatewayPair open(GatewayConfig config, Parts parts, Runnable offerToAll) {
    GatewayPair opened = new GatewayPair(config, parts, offerToAll);
    try {
      opened.pair.start();
      opened.replicateRegistrations();
      return opened;
    } catch (IOException e) {
      opened.close();
      throw ConfigException.of(
          "backup.sync.listen_addr",
          config.backup().sync().listenAddr(),
          "an address to bind: " + e.getMessage());
    }
  }

  private static PairSettings settings(GatewayConfig config, String incarnation, Parts parts) {
    BackupConfig backup = config.backup();
    int frameBytes = PairParts.entryBytesMax(config.session()) + backup.batchBytes() + 64 * 1024;
    return new PairSettings(
        backup.pair(),
        new RoleSettings(
            backup.serverId(),
            incarnation,
            RoleSettings.Mode.valueOf(backup.mode().name()),
            backup.strict(),
            RoleSettings.ArbiterKind.valueOf(backup.arbiterInForce().name()),
            backup.heartbeat().interval().toNanos(),
            backup.heartbeat().timeout().toNanos(),
            backup.sync().timeout().toNanos(),
            RETRY_NANOS),
        ReplicationMode.valueOf(backup.replication().name()),
        PairParts.playerAddress(backup.playerAddr(), parts.players()),
        addresses("listen_addr", backup.sync().listenAddr(), backup.heartbeat().listenAddr()),
        addresses("peer_addr", backup.sync().peerAddr(), backup.heartbeat().peerAddr()),
        backup.witnesses().size(),
        security(backup.link()),
        backup.heartbeat().interval(),
        backup.heartbeat().timeout(),
        frameBytes,
        PairParts.sendBytesMax(parts.shards().size(), frameBytes));
  }

  private static List<InetSocketAddress> addresses(String key, String sync, String heartbeat) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    addresses.add(BindAddress.parse("backup.sync." + key, sync));
    if (!heartbeat.isEmpty() && !heartbeat.equals(sync)) {
      addresses.add(BindAddress.parse("backup.heartbeat." + key, heartbeat));
    }
    return addresses;
  }

  private static LinkSecurity security(LinkConfig link) {
    if (!link.usesTls()) {
      return LinkSecurity.privateNetwork();
    }
    try {
      return LinkSecurity.mutualTls(
          Path.of(link.certFile()), Path.of(link.keyFile()), Path.of(link.caFile()));
    } catch (IOException e) {
      throw ConfigException.of(
          "backup.link.cert_file", link.certFile(), String.valueOf(e.getMessage()));
    }
  }

  /** Upstreams that know only this gateway are called by the other one, too. */
  private void replicateRegistrations() {
    SessionShard first = parts.shards().getFirst();
    parts
        .registry()
        .observe(
            new RegistryObserver() {
              @Override
              public void onAdded(UpstreamInstance instance) {
                first.execute(() -> first.replica().append(entryOf(instance)));
              }

              @Override
              public void onReplaced(UpstreamInstance old, UpstreamInstance instance) {
                onAdded(instance);
              }

              @Override
              public void onRemoved(UpstreamInstance instance) {
                // The other gateway finds out by itself that nobody answers there.
              }
            });
  }

  private static LogEntry entryOf(UpstreamInstance instance) {
    return LogEntry.newBuilder().setRegistered(UpstreamRegistry.registrationOf(instance)).build();
  }

  @Override
  public List<LogEntry> registrations() {
    List<LogEntry> entries = new ArrayList<>();
    for (ZoneId zone : ZoneId.values()) {
      parts.registry().table().instances(zone).forEach(one -> entries.add(entryOf(one)));
    }
    return entries;
  }

  InetSocketAddress address() {
    return pair.addresses().getFirst();
  }

  PairView view() {
    return pair;
  }

  /** An upstream knows a higher term. Any thread. */
  void fencedBy(long term) {
    pair.input(new RoleInput.FencedBy(term));
  }

  @Override
  public void leads(String pairName, long term, String leader) {
    fences.begin(pairName, term, leader);
  }

  @Override
  public void numbersFrom(long number) {
    parts.numbers().accumulateAndGet(number, Math::max);
  }

  @Override
  public void serves() {
    offerToAll.run();
  }

  @Override
  public int requestsUnderWay() {
    return parts.guard().upstreamCalls();
  }

  @Override
  public int witnessesConnected() {
    return arbiter.witnessesConnected();
  }

  @Override
  public int sessions() {
    return parts.directory().size();
  }

  @Override
  public String lines() {
    return parts.keys().lines();
  }

  @Override
  public void adopt(String lines) {
    parts.keys().adopt(lines);
  }

  /** Leaves the pair. Blocks for a moment; not for event loops. */
  @Override
  public void close() {
    pair.close();
    fences.close();
    if (!group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000)) {
      log.warn("the pair's loop does not end");
    }
  }
}
