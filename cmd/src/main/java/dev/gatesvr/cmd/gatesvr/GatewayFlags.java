package dev.gatesvr.cmd.gatesvr;

import dev.gatesvr.cmd.config.Setting;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The predecessor's flags that set a key. Their texts go through the same reader as the file's
 * values, so that a mistake reads the same wherever it was made.
 */
final class GatewayFlags {
  private final List<Setting> settings = new ArrayList<>();

  /** In the order of the command line. */
  List<Setting> settings() {
    return List.copyOf(settings);
  }

  private void set(String flag, String path, String text) {
    settings.add(new Setting(path, text, "flag " + flag));
  }

  @Option(
      order = 1,
      names = {"-quic", "--quic"},
      paramLabel = "ADDR",
      description = "Where players connect.")
  void quic(String text) {
    set("-quic", "server.quic_addr", text);
  }

  @Option(
      order = 2,
      names = {"-http", "--http"},
      paramLabel = "ADDR",
      description = "Where operators ask.")
  void http(String text) {
    set("-http", "server.http_addr", text);
  }

  @Option(
      order = 3,
      names = {"-grpc", "--grpc"},
      paramLabel = "ADDR",
      description = "Where upstream services register.")
  void grpc(String text) {
    set("-grpc", "server.grpc_addr", text);
  }

  @Option(
      order = 4,
      names = {"-metrics", "--metrics"},
      paramLabel = "ADDR",
      description = "Where Prometheus scrapes.")
  void metrics(String text) {
    set("-metrics", "server.metrics_addr", text);
  }

  @Option(
      order = 5,
      names = {"-cert", "--cert"},
      paramLabel = "FILE",
      description = "Certificate chain, PEM.")
  void cert(String text) {
    set("-cert", "server.cert_file", text);
  }

  @Option(
      order = 6,
      names = {"-key", "--key"},
      paramLabel = "FILE",
      description = "Its private key, PEM.")
  void key(String text) {
    set("-key", "server.key_file", text);
  }

  @Option(
      order = 7,
      names = {"-session-timeout", "--session-timeout"},
      paramLabel = "DURATION",
      description = "How long a session without a connection can be resumed.")
  void sessionTimeout(String text) {
    set("-session-timeout", "server.session_timeout", text);
  }

  @Option(
      order = 8,
      names = {"-ack-timeout", "--ack-timeout"},
      paramLabel = "DURATION",
      description = "How long a message may stay unacknowledged.")
  void ackTimeout(String text) {
    set("-ack-timeout", "server.ack_timeout", text);
  }

  @Option(
      order = 9,
      names = {"-max-retries", "--max-retries"},
      paramLabel = "N",
      description = "Misses in a row before a connection counts as dead.")
  void maxRetries(String text) {
    set("-max-retries", "server.max_retries", text);
  }
}
