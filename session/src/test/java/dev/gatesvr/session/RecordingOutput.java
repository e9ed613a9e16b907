package dev.gatesvr.session;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a session did, for tests that name one thing at a time. */
final class RecordingOutput implements SessionOutput {
  final List<ServerPush> sent = new ArrayList<>();
  final List<Long> executed = new ArrayList<>();
  final List<CloseCode> closed = new ArrayList<>();
  @Nullable Refusal refusal;
  int room = Integer.MAX_VALUE;
  boolean memoryFull;
  int admitted;
  int finished;

  @Override
  public boolean transmit(ServerPush push) {
    if (room == 0) {
      return false;
    }
    room--;
    return sent.add(push);
  }

  @Override
  public @Nullable Refusal admit() {
    admitted += refusal == null ? 1 : 0;
    return refusal;
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    executed.add(frame.getSeqId());
  }

  @Override
  public void refused(int code) {}

  @Override
  public void finished() {
    finished++;
  }

  @Override
  public boolean memoryFull() {
    return memoryFull;
  }

  @Override
  public void close(CloseCode code) {
    closed.add(code);
  }

  List<Long> sentSeqs() {
    return sent.stream().map(ServerPush::getSeqId).toList();
  }
}
