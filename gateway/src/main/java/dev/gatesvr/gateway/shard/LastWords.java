package dev.gatesvr.gateway.shard;

import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.session.Refusal;
import dev.gatesvr.session.SessionOutput;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a session that ends has to say to its connection; it is said when the standby knows. */
final class LastWords implements SessionOutput {
  private final PlayerOutlet outlet;
  private final @Nullable PlayerLink link;
  private final List<ServerPush> words = new ArrayList<>(1);
  private CloseCode code = CloseCode.NORMAL;

  LastWords(PlayerOutlet outlet) {
    this.outlet = outlet;
    this.link = outlet.link();
  }

  /** Says it, and closes. */
  void say() {
    if (link != null) {
      words.forEach(link::transmit);
      link.close(code);
    }
  }

  @Override
  public boolean transmit(ServerPush push) {
    words.add(push);
    return true;
  }

  @Override
  public void close(CloseCode newCode) {
    code = newCode;
  }

  @Override
  public @Nullable Refusal admit() {
    return outlet.admit();
  }

  @Override
  public void execute(ClientRequest frame, BusinessRequest request, long receivedNanos) {
    outlet.execute(frame, request, receivedNanos);
  }

  @Override
  public void finished() {
    outlet.finished();
  }

  @Override
  public void refused(int refusal) {
    outlet.refused(refusal);
  }

  @Override
  public boolean memoryFull() {
    return outlet.memoryFull();
  }
}
