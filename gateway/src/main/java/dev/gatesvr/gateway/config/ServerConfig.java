package dev.gatesvr.gateway.config;

import java.time.Duration;

/** Addresses, certificate and connection lifetimes. */
public record ServerConfig(
    @Describe("where players connect") String quicAddr,
    @Describe("where operators ask for /stats and the like") String httpAddr,
    @Describe("where upstream services register and push") String grpcAddr,
    @Describe("where Prometheus scrapes /metrics") String metricsAddr,
    @Describe("certificate chain, PEM") String certFile,
    @Describe("its private key, PEM (PKCS #8)") String keyFile,
    @Describe("how long a session without a connection can be resumed") Duration sessionTimeout,
    @Describe("how long a sent message may stay unacknowledged before it counts as one miss")
        Duration ackTimeout,
    @Describe("misses in a row after which the connection is closed as dead") int maxRetries,
    @Describe("what clients are told to keep, whole seconds") Duration heartbeatInterval,
    @Describe("intervals of silence after which the connection is closed as dead")
        int heartbeatMissesMax,
    @Describe("how long SIGTERM waits for requests in flight") Duration shutdownTimeout,
    @Describe("event loops, each with its own shard of sessions; 0 is one per core") int ioThreads,
    @Describe("when a QUIC client must prove its address with a Retry round trip")
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
    Checks.range("server.heartbeat_misses_max", heartbeatMissesMax, 1, 100);
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
        3,
        Duration.ofSeconds(10),
        0,
        AddressValidation.UNDER_LOAD);
  }
}
