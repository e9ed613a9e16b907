package dev.gatesvr.gateway.config;

import java.time.Duration;

/**
 * Addresses, certificate and connection lifetimes.
 *
 * @param quicAddr where players connect
 * @param httpAddr where operators ask for {@code /stats} and the like
 * @param grpcAddr where upstream services register and push
 * @param metricsAddr where Prometheus scrapes {@code /metrics}
 * @param certFile certificate chain, PEM
 * @param keyFile its private key, PEM (PKCS #8 or SEC 1)
 * @param sessionTimeout how long a session without a connection can be resumed
 * @param ackTimeout how long a sent message may stay unacknowledged before it counts as one miss
 * @param maxRetries misses in a row after which the connection is closed as dead
 * @param heartbeatInterval what clients are told to keep, whole seconds
 * @param shutdownTimeout how long SIGTERM waits for requests in flight
 * @param ioThreads event loops, each with its own shard of sessions; 0 is one per core
 * @param addressValidation when a QUIC client must prove its address with a Retry round trip
 */
public record ServerConfig(
    String quicAddr,
    String httpAddr,
    String grpcAddr,
    String metricsAddr,
    String certFile,
    String keyFile,
    Duration sessionTimeout,
    Duration ackTimeout,
    int maxRetries,
    Duration heartbeatInterval,
    Duration shutdownTimeout,
    int ioThreads,
    AddressValidation addressValidation) {

  /** When a QUIC client must prove that it owns its source address (RFC 9000 §8.1.2). */
  public enum AddressValidation {
    /** Never: one round trip less for everybody. */
    NEVER,
    /** While more than a quarter of the connections allowed are still in their handshake. */
    UNDER_LOAD,
    /** Always: no state for spoofed addresses, one round trip more for everybody. */
    ALWAYS
  }

  public ServerConfig {
    Checks.address("server.quic_addr", quicAddr);
    Checks.address("server.http_addr", httpAddr);
    Checks.address("server.grpc_addr", grpcAddr);
    Checks.address("server.metrics_addr", metricsAddr);
    Checks.notBlank("server.cert_file", certFile);
    Checks.notBlank("server.key_file", keyFile);
    Checks.range(
        "server.session_timeout", sessionTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
    Checks.range("server.ack_timeout", ackTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    Checks.range("server.max_retries", maxRetries, 1, 100);
    Checks.range(
        "server.heartbeat_interval", heartbeatInterval, Duration.ofSeconds(1), Duration.ofHours(1));
    Checks.range("server.shutdown_timeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(10));
    Checks.range("server.io_threads", ioThreads, 0, 128);
  }

  public static ServerConfig defaults() {
    return new ServerConfig(
        ":8453",
        ":8080",
        ":8092",
        ":9090",
        "certs/server.crt",
        "certs/server.key",
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        3,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        0,
        AddressValidation.UNDER_LOAD);
  }
}
