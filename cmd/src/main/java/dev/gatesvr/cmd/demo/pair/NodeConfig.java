package dev.gatesvr.cmd.demo.pair;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration file of one node of the pair.
 *
 * @param node {@code a}, which begins the pair, or {@code b}
 * @param own where it listens
 * @param peerLink where the other listens for the link
 * @param witnesses where the upstreams listen, each {@code host:port}
 * @param certificates the folder that gencerts wrote
 */
record NodeConfig(
    String node, NodePorts own, String peerLink, List<String> witnesses, Path certificates) {
  NodeConfig {
    witnesses = List.copyOf(witnesses);
  }

  /** As YAML. */
  String yaml() {
    return """
    server:
      quic_addr: "%s"
      http_addr: "127.0.0.1:0"
      grpc_addr: "%s"
      metrics_addr: "127.0.0.1:0"
      cert_file: "%s"
      key_file: "%s"
    overload_protection:
      # All players ask at once when a new primary begins to serve.
      max_upstream_concurrent: 20000
      upstream_warning_threshold: 16000
      max_qps: 100000
      qps_warning_threshold: 80000
      max_connections: 10000
      connection_warning_threshold: 8000
    backup:
      enabled: true
      mode: %s
      server_id: "%s"
      replication: sync
      arbiter: witness
      witnesses:
    %s
      heartbeat:
        interval: 50ms
        # Nine processes share a machine: a pause of it must not look like a death.
        # A killed process is noticed by its sockets, whatever this says.
        timeout: 2s
      sync:
        listen_addr: "%s"
        peer_addr: "%s"
        timeout: 2s
      link:
        cert_file: "%s"
        key_file: "%s"
        ca_file: "%s"
    """
        .formatted(
            own.quic(),
            own.grpc(),
            file("server.crt"),
            file("server.key"),
            node.equals("a") ? "primary" : "backup",
            node,
            witnesses.stream()
                .map(witness -> "    - \"" + witness + "\"")
                .collect(Collectors.joining("\n")),
            own.link(),
            peerLink,
            file("server.crt"),
            file("server.key"),
            file("ca.crt"));
  }

  private String file(String name) {
    return certificates.resolve(name).toAbsolutePath().toString();
  }
}
