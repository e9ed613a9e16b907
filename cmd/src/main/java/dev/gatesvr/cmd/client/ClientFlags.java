package dev.gatesvr.cmd.client;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The predecessor's flags and two new ones. What is null was not given. */
final class ClientFlags {
  @Option(
      order = 1,
      names = {"-server", "--server"},
      paramLabel = "ADDR",
      description = "Gateway, or several with commas (SERVER_ADDR; default localhost:8453).")
  @Nullable String server;

  @Option(
      order = 2,
      names = {"-id", "--id"},
      paramLabel = "NAME",
      description = "What this client calls itself in its output (default client-OPENID).")
  @Nullable String id;

  @Option(
      order = 3,
      names = {"-openid", "--openid"},
      paramLabel = "OPENID",
      description = "Who plays (CLIENT_OPENID; default five random digits).")
  @Nullable String openid;

  @Option(
      order = 4,
      names = {"-token", "--token"},
      paramLabel = "TOKEN",
      description = "What proves it. Default: ${DEFAULT-VALUE}")
  String token = "development";

  @Option(
      order = 5,
      names = {"-ca", "--ca"},
      paramLabel = "FILE",
      description =
          "Authorities to believe, PEM (default certs/ca.crt if it is there, else the JDK's).")
  @Nullable Path ca;

  @Option(
      order = 6,
      names = {"-skip-tls-verify", "--skip-tls-verify"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Believe any certificate. For development only; warns.")
  boolean skipTlsVerify;

  @Option(
      order = 7,
      names = {"-connect-timeout", "--connect-timeout"},
      paramLabel = "DURATION",
      description = "For connecting and starting. Default: 10s")
  Duration connectTimeout = Duration.ofSeconds(10);

  @Option(
      order = 8,
      names = {"-heartbeat", "--heartbeat"},
      paramLabel = "DURATION",
      description = "Interval of heartbeats (default: what the gateway suggests).")
  @Nullable Duration heartbeat;

  @Option(
      order = 9,
      names = {"-interactive", "--interactive"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Ask for commands; the default mode (CLIENT_MODE=interactive).")
  boolean interactive;

  @Option(
      order = 10,
      names = {"-test", "--test"},
      paramLabel = "ACTION",
      description = "Ask for one action and print the answers (CLIENT_MODE=test: hello).")
  @Nullable String test;

  @Option(
      order = 11,
      names = {"-data", "--data"},
      paramLabel = "TEXT",
      description =
          "Body of the request; for calculate also {\"operation\":\"add\",\"a\":1,\"b\":2}.")
  String data = "";

  @Option(
      order = 12,
      names = {"-count", "--count"},
      paramLabel = "N",
      description = "How many requests -test sends. Default: ${DEFAULT-VALUE}")
  int count = 1;

  @Option(
      order = 13,
      names = {"-interval", "--interval"},
      paramLabel = "DURATION",
      description = "Between the requests of -test. Default: 1s")
  Duration interval = Duration.ofSeconds(1);

  @Option(
      order = 14,
      names = {"-performance", "--performance"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Many players at once; prints rate and latencies (CLIENT_MODE=performance).")
  boolean performance;

  @Option(
      order = 15,
      names = {"-clients", "--clients"},
      paramLabel = "N",
      description = "Players of -performance. Default: ${DEFAULT-VALUE}")
  int clients = 10;

  @Option(
      order = 16,
      names = {"-request-interval", "--request-interval"},
      paramLabel = "DURATION",
      description = "Pause of each player between answer and next request. Default: 100ms")
  Duration requestInterval = Duration.ofMillis(100);

  @Option(
      order = 17,
      names = {"-max-requests", "--max-requests"},
      paramLabel = "N",
      description = "Requests of each player; 0 goes on until Ctrl-C. Default: ${DEFAULT-VALUE}")
  int maxRequests = 100;

  @Option(
      order = 18,
      names = {"-openid-start", "--openid-start"},
      paramLabel = "N",
      description = "First player's OpenID. Default: ${DEFAULT-VALUE}")
  int openidStart = 10_000;

  @Option(
      order = 19,
      names = {"-openid-end", "--openid-end"},
      paramLabel = "N",
      description = "Last OpenID that may be used. Default: ${DEFAULT-VALUE}")
  int openidEnd = 99_999;

  @Option(
      order = 20,
      names = {"-health-check", "--health-check"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Connect, start, one heartbeat; exit code 0 when that worked, else 1.")
  boolean healthCheck;
}
