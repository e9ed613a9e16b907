package dev.gatesvr.gateway.front;

import dev.gatesvr.gateway.auth.Authenticator;
import dev.gatesvr.gateway.auth.resume.ResumeTokens;
import dev.gatesvr.gateway.metrics.GatewayMetrics;
import dev.gatesvr.gateway.overload.OverloadGuard;
import dev.gatesvr.gateway.shard.Lead;
import dev.gatesvr.gateway.shard.LeadSource;
import dev.gatesvr.gateway.shard.SessionShard;
import dev.gatesvr.gateway.shard.Troubles;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionAcceptor;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import java.util.List;

/**
 * Takes new connections of every listener. Thread-safe; each connection's handler is confined to
 * the connection's loop.
 */
public final class FrontDoor implements ConnectionAcceptor<ClientRequest> {
  private final List<SessionShard> shards;
  private final Authenticator authenticator;
  private final ResumeTokens tokens;
  private final OverloadGuard guard;
  private final GatewayMetrics metrics;
  private final Troubles troubles;
  private final LeadSource lead;
  private final WarmConnections warm;

  public FrontDoor(
      List<SessionShard> shards,
      Authenticator authenticator,
      ResumeTokens tokens,
      OverloadGuard guard,
      GatewayMetrics metrics,
      Troubles troubles,
      LeadSource lead) {
    this.shards = List.copyOf(shards);
    this.authenticator = authenticator;
    this.tokens = tokens;
    this.guard = guard;
    this.metrics = metrics;
    this.troubles = troubles;
    this.lead = lead;
    this.warm = new WarmConnections(shards);
  }

  @Override
  public ConnectionHandler<ClientRequest> onOpen(Connection connection) {
    if (guard.stopping()) {
      return turnAway(connection, CloseCode.GOING_AWAY, "stopping");
    }
    if (!guard.tryOpenConnection(System.nanoTime())) {
      return turnAway(connection, CloseCode.OVERLOADED, "connections");
    }
    metrics.connectionOpened(connection.transport());
    return new PlayerConnection(connection, shardOf(connection), this);
  }

  /** The shard on the connection's own loop. */
  private SessionShard shardOf(Connection connection) {
    for (SessionShard shard : shards) {
      if (shard.loop().equals(connection.loop())) {
        return shard;
      }
    }
    throw new IllegalStateException("connection " + connection.id() + " is on no shard's loop");
  }

  Lead lead() {
    return lead.now();
  }

  /** True while players may start sessions here. */
  boolean serves() {
    return lead.now().open() && lead.sure();
  }

  /** Connections that wait for this gateway to take over. */
  WarmConnections warm() {
    return warm;
  }

  /** This gateway took over: whoever waits for that may start. Any thread. */
  public void offerToAll() {
    warm.offerToAll();
  }

  Authenticator authenticator() {
    return authenticator;
  }

  ResumeTokens tokens() {
    return tokens;
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  Troubles troubles() {
    return troubles;
  }

  void closed(Connection connection, CloseCode code) {
    guard.connectionClosed();
    metrics.connectionClosed(connection.transport(), code);
  }

  private ConnectionHandler<ClientRequest> turnAway(
      Connection connection, CloseCode code, String why) {
    metrics.connectionRefused(why);
    connection.close(code);
    return new TurnedAway();
  }

  /** A connection that was refused before it counted; what it still sends is dropped. */
  private static final class TurnedAway implements ConnectionHandler<ClientRequest> {
    @Override
    public void onFrame(ClientRequest frame, long receivedNanos) {}

    @Override
    public void onFault(FrameFault fault) {}

    @Override
    public void onWritable() {}

    @Override
    public void onClosed(CloseReason reason) {}
  }
}
