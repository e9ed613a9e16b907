package dev.gatesvr.bench.ratio;

import com.google.protobuf.ByteString;
import dev.gatesvr.bench.load.Openids;
import dev.gatesvr.bench.load.ReturningFleet;
import dev.gatesvr.proto.GatewayServiceGrpc;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.UnicastPushRequest;
import dev.gatesvr.proto.UnicastPushResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A player with so many unacknowledged messages comes back: from START to the last of them, against
 * a bare QUIC server that sends the same frame as often. Every time is one of a connection of its
 * own; the handshake before START does not count.
 */
final class ReplayRatio {
  private static final String OPENID = "replay-";
  private static final Map<String, String> LARGE_RING =
      Map.of(
          "GATESVR_SESSION_REPLAY_MESSAGES_MAX",
          "16384",
          "GATESVR_SESSION_REPLAY_BYTES_MAX",
          Integer.toString(64 << 20));

  private final Rig rig;
  private final Effort effort;
  private final int payloadBytes;

  /**
   * @param payloadBytes data of each message
   */
  ReplayRatio(Rig rig, int payloadBytes) {
    this.rig = rig;
    this.effort = rig.effort();
    this.payloadBytes = payloadBytes;
  }

  /** A server and a player who visits it. */
  private record Side(ReturningFleet fleet, int player, ProcessAccount account) {
    /** The median of some visits; CPU of one on average, its handshake included. */
    Paired.Sample visits(int messages, int visits) throws IOException, InterruptedException {
      double[] millis = new double[visits];
      ProcessAccount.Cpu before = account.cpu();
      for (int i = 0; i < visits; i++) {
        millis[i] = fleet.visit(player, messages) / 1e6;
        fleet.leave();
      }
      double cpuMillis = account.cpu().since(before).working() * 1e3 / visits;
      Arrays.sort(millis);
      return new Paired.Sample(millis[visits / 2], millis[0], cpuMillis);
    }
  }

  void measure() throws IOException, InterruptedException {
    List<Integer> lengths = effort.replays();
    ServerProcess gateway = rig.opened(rig.servers().gateway("gateway-replay", LARGE_RING));
    ReturningFleet players =
        rig.opened(
            ReturningFleet.of(
                Servers.playersOf(gateway),
                rig.trust(),
                openids(lengths.stream().map(length -> OPENID + length).toList()),
                null));
    fill(gateway, players, lengths);
    int longest = lengths.size() - 1;
    players.visit(longest, lengths.get(longest));
    ServerPush frame = players.newest(longest);
    players.leave();
    if (frame == null) {
      throw new IOException("nothing was replayed (expected: " + lengths.get(longest) + ")");
    }
    Side bare = bare("repeat", frame);
    Side twin = bare("repeat-twin", frame);
    for (Side side : List.of(bare, twin, new Side(players, longest, gateway.account()))) {
      warmUp(side, lengths.get(longest));
    }
    rig.say(
        "\nReplay against a bare stream, frames of %d bytes, %d rounds of 4 x %d connections"
            .formatted(frame.getSerializedSize(), effort.rounds, effort.visits()));
    for (int i = 0; i <= longest; i++) {
      Side replay = new Side(players, i, gateway.account());
      compare("replay " + lengths.get(i), bare, replay, lengths.get(i), effort.rounds);
    }
    compare("replay A/A", bare, twin, lengths.get(longest), effort.aaRounds);
  }

  /** Those who are measured, and others who only make START warm. */
  private List<String> openids(List<String> measured) {
    return Stream.concat(measured.stream(), Openids.of("warm-", effort.warmers(), null).stream())
        .toList();
  }

  private void warmUp(Side side, int messages) throws IOException, InterruptedException {
    for (int i = 0; i < effort.rounds; i++) {
      side.fleet().storm(side.fleet().size());
      side.fleet().leave();
    }
    side.visits(messages, effort.visitsWarmup());
  }

  private Side bare(String name, ServerPush frame) throws IOException, InterruptedException {
    ServerProcess server = rig.opened(rig.servers().repeater(name));
    InetSocketAddress at = Servers.bareAddress(server);
    ReturningFleet fleet =
        rig.opened(ReturningFleet.of(at, rig.trust(), openids(List.of(OPENID)), frame));
    return new Side(fleet, 0, server.account());
  }

  private void compare(String title, Side a, Side b, int messages, int rounds)
      throws IOException, InterruptedException {
    int visits = effort.visits();
    Paired found =
        Paired.run(() -> a.visits(messages, visits), () -> b.visits(messages, visits), rounds);
    rig.say(
        "    %-14s rate %s; ms %s and %s, quickest %.2f and %.2f; server CPU ms %.2f and %.2f, ratio %s"
            .formatted(
                title,
                found.rate(),
                found.millisOfA().range(),
                found.millisOfB().range(),
                found.quickestOfA(),
                found.quickestOfB(),
                found.cpuOfA().median(),
                found.cpuOfB().median(),
                found.cpu()));
    rig.result(title, found);
  }

  /** Everybody logs in, and is sent what is never acknowledged. */
  private void fill(ServerProcess gateway, ReturningFleet players, List<Integer> lengths)
      throws IOException, InterruptedException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(Servers.upstreamsOf(gateway)).usePlaintext().build();
    try {
      players.storm(players.size());
      players.leave();
      for (int length : lengths) {
        UnicastPushRequest push =
            UnicastPushRequest.newBuilder()
                .setTargetType("openid")
                .setTargetId(OPENID + length)
                .setMsgType("bench")
                .setData(ByteString.copyFrom(new byte[payloadBytes]))
                .build();
        for (int i = 0; i < length; i++) {
          push(channel, push);
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static void push(ManagedChannel channel, UnicastPushRequest push) throws IOException {
    UnicastPushResponse answer =
        GatewayServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .pushToClient(push);
    if (!answer.getSuccess()) {
      throw new IOException("a push was refused: " + answer.getMessage());
    }
  }
}
