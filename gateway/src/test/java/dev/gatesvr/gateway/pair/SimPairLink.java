package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkEnd;
import dev.gatesvr.backup.link.LinkHandler;
import dev.gatesvr.backup.link.PairLink;
import dev.gatesvr.backup.link.PeerInfo;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;
import java.net.InetSocketAddress;

/** One side of the link of the pair, after its hello. */
final class SimPairLink implements PairLink, SimLink.Receiver {
  private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("sim", 1);

  private final SimNode node;
  private final SimLink.End end;
  private final LinkHandler handler;
  private final PeerInfo peer;
  private final Runnable ended;
  private long heardNanos;
  private boolean over;

  /**
   * @param ended told when it is over, before the handler
   */
  SimPairLink(SimNode node, SimLink.End end, LinkHandler handler, PairHello hello, Runnable ended) {
    this.node = node;
    this.end = end;
    this.handler = handler;
    this.ended = ended;
    this.peer = new PeerInfo(hello, 1, NOWHERE);
    heardNanos = node.nanos();
  }

  @Override
  public boolean send(PairFrame frame) {
    if (!over) {
      end.send(frame);
    }
    return !over;
  }

  @Override
  public boolean writable() {
    return !over;
  }

  @Override
  public void beatNow() {
    send(PairFrame.newBuilder().setBeat(node.beat()).build());
  }

  @Override
  public void close(String reason) {
    finish(LinkEnd.LOCAL, reason);
  }

  private void finish(LinkEnd how, String reason) {
    if (!over) {
      over = true;
      end.close();
      ended.run();
      handler.onDown(this, how, reason);
    }
  }

  /** Nothing was heard for too long. */
  void giveUpAfter(long silenceNanos) {
    if (node.nanos() - heardNanos > silenceNanos) {
      finish(LinkEnd.TIMEOUT, "silent");
    }
  }

  @Override
  public void onMessage(Object message) {
    heardNanos = node.nanos();
    if (!over) {
      handler.onFrame(this, (PairFrame) message);
    }
  }

  @Override
  public void onOver(boolean reset) {
    finish(reset ? LinkEnd.RESET : LinkEnd.CLOSED, "");
  }

  @Override
  public PeerInfo peer() {
    return peer;
  }

  @Override
  public long lastHeardNanos() {
    return heardNanos;
  }
}
