package dev.gatesvr.backup.register.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatesvr.backup.register.Acceptor;
import dev.gatesvr.backup.register.Ballot;
import dev.gatesvr.backup.register.Leadership;
import dev.gatesvr.backup.register.LeadershipWire;
import dev.gatesvr.backup.register.Message;
import dev.gatesvr.proto.WitnessAccept;
import dev.gatesvr.proto.WitnessAnswer;
import dev.gatesvr.proto.WitnessPrepare;
import dev.gatesvr.proto.WitnessServiceGrpc;
import dev.gatesvr.upstream.service.WitnessServer;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The witness's vote is the acceptor that was explored, written a second time. */
class SameVoteTest {
  private static final long SEED = 20_261_121;
  private static final int REQUESTS = 400;

  @TempDir private Path home;

  @Test
  void aWitnessAnswersWhatTheAcceptorAnswers() throws Exception {
    Random random = new Random(SEED);
    Acceptor acceptor = Acceptor.EMPTY;
    int rejected = 0;
    try (WitnessServer server = WitnessServer.start("127.0.0.1:0", home, true)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        for (int request = 0; request < REQUESTS; request++) {
          Message.Request next = request(random, 1 + request / 20);
          Acceptor.Step step = acceptor.on(next);
          acceptor = step.after();
          WitnessAnswer answer = ask(channel, next);
          boolean refused = step.answer() instanceof Message.Rejected;
          rejected += refused ? 1 : 0;
          assertThat(answer.getRejected()).as("request %s: %s", request, next).isEqualTo(refused);
          assertThat(
                  new Acceptor(
                      Ballots.fromWire(answer.getPromised()),
                      Ballots.fromWire(answer.getAcceptedAt()),
                      LeadershipWire.fromWire(answer.getValue())))
              .as("request %s: %s", request, next)
              .isEqualTo(acceptor);
        }
      } finally {
        channel.shutdownNow();
      }
    }
    assertThat(rejected).as("rejected").isBetween(REQUESTS / 10, REQUESTS * 9 / 10);
  }

  private static Message.Request request(Random random, int round) {
    String proposer = random.nextBoolean() ? "A" : "B";
    Ballot ballot = new Ballot(round + random.nextInt(4), proposer);
    return random.nextBoolean()
        ? new Message.Prepare(ballot)
        : new Message.Accept(ballot, Leadership.NONE.found(proposer + random.nextInt(3)));
  }

  private static WitnessAnswer ask(ManagedChannel channel, Message.Request request) {
    WitnessServiceGrpc.WitnessServiceBlockingStub stub =
        WitnessServiceGrpc.newBlockingStub(channel);
    return switch (request) {
      case Message.Prepare prepare ->
          stub.prepare(
              WitnessPrepare.newBuilder()
                  .setPair("pair")
                  .setBallot(Ballots.toWire(prepare.ballot()))
                  .build());
      case Message.Accept accept ->
          stub.accept(
              WitnessAccept.newBuilder()
                  .setPair("pair")
                  .setBallot(Ballots.toWire(accept.ballot()))
                  .setValue(LeadershipWire.toWire(accept.value()))
                  .build());
    };
  }
}
