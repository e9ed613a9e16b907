package dev.gatesvr.backup.link;

import static dev.gatesvr.backup.link.LinkIdentity.NAME_CHARS_MAX;

import dev.gatesvr.proto.PairBeat;
import dev.gatesvr.proto.PairFrame;
import dev.gatesvr.proto.PairHello;

/** The rules of a hello. Pure. */
final class Hellos {
  private Hellos() {}

  static PairFrame of(LinkIdentity me, PairBeat beat) {
    return PairFrame.newBuilder()
        .setHello(
            PairHello.newBuilder()
                .setVersionMin(me.versionMin())
                .setVersionMax(me.versionMax())
                .setPair(me.pair())
                .setServerId(me.serverId())
                .setIncarnation(me.incarnation())
                .setPlayerAddress(me.playerAddress())
                .setBeat(beat))
        .build();
  }

  /** Why the two cannot be a pair, or empty. Only a hello without a fault becomes a link. */
  static String refusalOf(LinkIdentity me, PairHello peer) {
    if (!named(peer.getPair())
        || !named(peer.getServerId())
        || !named(peer.getIncarnation())
        || peer.getPlayerAddress().length() > NAME_CHARS_MAX) {
      return "hello: a name is missing or longer than " + NAME_CHARS_MAX + " characters";
    }
    if (!peer.getPair().equals(me.pair())) {
      return "backup.pair: \"%s\" meets \"%s\" (expected: the same on both)"
          .formatted(peer.getPair(), me.pair());
    }
    if (peer.getServerId().equals(me.serverId())) {
      return "backup.server_id: \"%s\" on both (expected: another on each node)"
          .formatted(me.serverId());
    }
    return version(me, peer) > 0
        ? ""
        : "versions: %s..%s meets %d..%d (expected: one in common)"
            .formatted(
                Integer.toUnsignedString(peer.getVersionMin()),
                Integer.toUnsignedString(peer.getVersionMax()),
                me.versionMin(),
                me.versionMax());
  }

  /** The newest version that both speak, 0 for none. */
  static int version(LinkIdentity me, PairHello peer) {
    long newest = Math.min(Integer.toUnsignedLong(peer.getVersionMax()), me.versionMax());
    long oldest = Math.max(Integer.toUnsignedLong(peer.getVersionMin()), me.versionMin());
    return newest >= oldest ? (int) newest : 0;
  }

  private static boolean named(String name) {
    return !name.isEmpty() && name.length() <= NAME_CHARS_MAX;
  }
}
