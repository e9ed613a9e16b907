package dev.gatesvr.gateway.pair;

import dev.gatesvr.backup.link.LinkEnd;

/** What the end of a link says of the other's process, in the words of the role machine. */
final class Ends {
  private Ends() {}

  static dev.gatesvr.backup.role.LinkEnd of(LinkEnd end) {
    return switch (end) {
      case RESET -> dev.gatesvr.backup.role.LinkEnd.RESET;
      case REFUSED -> dev.gatesvr.backup.role.LinkEnd.REFUSED;
      case CLOSED, TURNED_AWAY -> dev.gatesvr.backup.role.LinkEnd.CLOSED;
      case UNREACHABLE, UNTRUSTED, PROTOCOL, TIMEOUT, LOCAL ->
          dev.gatesvr.backup.role.LinkEnd.OTHER;
    };
  }
}
