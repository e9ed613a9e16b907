package dev.gatesvr.gateway.config;

import dev.gatesvr.gateway.config.BackupConfig.ArbiterKind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the keys of a pair must be; each throws a {@link ConfigException} or returns. */
final class PairRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Addresses that mean "every one of mine", which nobody else can dial. */
  private static final Set<String> WILDCARDS = Set.of("", "0.0.0.0", "[::]", "::", "*");

  private static final int WITNESSES_MAX = 31;

  private PairRules() {}

  static void name(String key, String value) {
    if (!NAME.matcher(value).matches()) {
      throw ConfigException.of(
          key, '"' + value + '"', "1 to 64 characters: letters, digits, . _ -");
    }
  }

  /** An address that another machine can dial: with a host, and a port that is not 0. */
  static void reachable(String key, String value) {
    Checks.address(key, value);
    int colon = value.lastIndexOf(':');
    if (isWildcard(value) || Integer.parseInt(value.substring(colon + 1)) == 0) {
      throw ConfigException.of(
          key, '"' + value + '"', "host:port that others can dial, such as 192.0.2.7:8453");
    }
  }

  static boolean isWildcard(String address) {
    return WILDCARDS.contains(address.substring(0, Math.max(address.lastIndexOf(':'), 0)));
  }

  static void witnesses(List<String> witnesses) {
    distinct("backup.witnesses", witnesses, WITNESSES_MAX);
    witnesses.forEach(witness -> reachable("backup.witnesses", witness));
  }

  /** A list without duplicates and not too long. */
  static void distinct(String key, List<String> values, int max) {
    if (values.size() > max) {
      throw ConfigException.of(key, values.size() + " of them", max + " at most");
    }
    Set<String> seen = new HashSet<>();
    for (String value : values) {
      if (!seen.add(value)) {
        throw ConfigException.of(
            key, '"' + value + "\" twice", "each once: one machine has one vote");
      }
    }
  }

  static void addresses(SyncConfig sync, HeartbeatConfig heartbeat) {
    needed("backup.sync.listen_addr", sync.listenAddr(), "where this node listens for the other");
    needed("backup.sync.peer_addr", sync.peerAddr(), "where the other node listens");
    other("backup.sync.peer_addr", sync.peerAddr(), sync.listenAddr());
    other("backup.heartbeat.peer_addr", heartbeat.peerAddr(), heartbeat.listenAddr());
  }

  static void arbiter(ArbiterKind arbiter, List<String> witnesses, EtcdConfig etcd) {
    boolean withEtcd = !etcd.endpoints().isEmpty();
    if (arbiter == ArbiterKind.WITNESS && witnesses.isEmpty()) {
      throw ConfigException.of(
          "backup.witnesses",
          "[]",
          "1 to " + WITNESSES_MAX + ", because backup.arbiter is witness");
    } else if (arbiter == ArbiterKind.ETCD && !withEtcd) {
      throw ConfigException.of(
          "backup.etcd.endpoints", "[]", "at least one, because backup.arbiter is etcd");
    } else if (arbiter == ArbiterKind.AUTO && withEtcd) {
      throw ConfigException.of(
          "backup.arbiter", "auto", "etcd, because backup.etcd.endpoints is set");
    }
  }

  private static void needed(String key, String value, String what) {
    if (value.isEmpty()) {
      throw ConfigException.of(key, "\"\"", what + ", host:port, because backup.enabled is true");
    }
  }

  private static void other(String key, String peer, String own) {
    if (!peer.isEmpty() && peer.equals(own)) {
      throw ConfigException.of(
          key, '"' + peer + '"', "the other node's address; this one is our own listen_addr");
    }
  }
}
