package dev.gatesvr.backup.link;

import dev.gatesvr.proto.PairHello;

/** The handler of a {@link LinkServer}, which also says who may come in. */
public interface LinkAcceptor extends LinkHandler {
  /** Why this peer is turned away, which it is told; empty to accept it. */
  default String refusalOf(PairHello peer) {
    return "";
  }
}
