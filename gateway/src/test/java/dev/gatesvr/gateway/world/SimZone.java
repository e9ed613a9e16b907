package dev.gatesvr.gateway.world;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.NotifySyncHint;
import dev.gatesvr.proto.PushPolicy;
import dev.gatesvr.session.Delivery;
import dev.gatesvr.session.PushVerdict;
import dev.gatesvr.session.Reply;
import java.util.HashMap;
import java.util.Map;

/** The upstream: runs requests, pushes to players, counts both. */
final class SimZone {
  private final World world;
  private final SimGateway gateway;
  private final Map<String, Integer> runs = new HashMap<>();
  private final Map<SimSession, Long> running = new HashMap<>();
  private int pushes;

  SimZone(World world, SimGateway gateway) {
    this.world = world;
    this.gateway = gateway;
  }

  /** How often the request with the name ran. */
  int runsOf(String name) {
    return runs.getOrDefault(name, 0);
  }

  void run(SimSession session, long seq, BusinessRequest request) {
    assertThat(running.put(session, seq)).as("one request of a session at a time").isNull();
    String name = request.getAction();
    world.time().after(world.delay(20), () -> answer(session, seq, name));
  }

  private void answer(SimSession session, long seq, String name) {
    int dice = world.time().random().nextInt(12);
    if (dice > 0) {
      assertThat(runs.merge(name, 1, Integer::sum)).as("runs of %s", name).isEqualTo(1);
    }
    if (dice > 8) {
      pushTo(session);
    }
    running.remove(session);
    Reply reply =
        switch (dice) {
          case 0 -> new Reply.Failure(503, "down " + name, "", false);
          case 1 -> new Reply.Failure(504, "late " + name, "", true);
          default -> {
            byte[] data = new byte[world.time().random().nextInt(400)];
            yield new Reply.Answer(200, "done " + name, ByteString.copyFrom(data), Map.of());
          }
        };
    String text =
        switch (reply) {
          case Reply.Answer done -> done.message();
          case Reply.Failure failure -> failure.message();
        };
    session.onReply(seq, reply, text);
  }

  /** One push to whoever is logged in, or to nobody. */
  void pushTo(String openid) {
    SimSession session = gateway.sessionOf(openid);
    if (session != null) {
      pushTo(session);
    }
  }

  private void pushTo(SimSession session) {
    var random = world.time().random();
    Long current = running.get(session);
    NotifySyncHint hint =
        current == null
            ? NotifySyncHint.NSH_IMMEDIATELY
            : NotifySyncHint.forNumber(random.nextInt(3));
    PushPolicy policy = PushPolicy.forNumber(Math.max(0, random.nextInt(5) - 2));
    String key = policy == PushPolicy.POLICY_LATEST ? "k" + random.nextInt(2) : "";
    long bound = current == null ? 0 : current;
    String text = "push " + pushes++ + " ".repeat(random.nextInt(60));
    PushVerdict verdict = session.push(text, new Delivery(hint, bound, policy, key));
    world.count("push " + verdict);
  }
}
