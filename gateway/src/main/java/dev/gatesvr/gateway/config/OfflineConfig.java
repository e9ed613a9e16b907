package dev.gatesvr.gateway.config;

import java.time.Duration;

/** What is kept for players without a session. */
public record OfflineConfig(
    @Describe(
            "keep pushes by openid for players without a session; with several gateways behind"
                + " one upstream, the first one asked keeps them")
        boolean enabled,
    @Describe("messages kept for one player") int messagesPerPlayer,
    @Describe("bytes of these messages") int bytesPerPlayer,
    @Describe("players for whom something is kept") int playersMax,
    @Describe("bytes kept for all of them") long bytesMax,
    @Describe("how long a message is kept") Duration ttl) {

  public OfflineConfig {
    Checks.range("offline.messages_per_player", messagesPerPlayer, 1, 1 << 20);
    Checks.range("offline.bytes_per_player", bytesPerPlayer, 1_024, 1 << 30);
    Checks.range("offline.players_max", playersMax, 1, 10_000_000);
    Checks.range("offline.bytes_max", bytesMax, bytesPerPlayer, 1L << 40);
    Checks.range("offline.ttl", ttl, Duration.ofSeconds(1), Duration.ofDays(30));
  }

  public static OfflineConfig defaults() {
    return new OfflineConfig(false, 100, 256 << 10, 10_000, 64 << 20, Duration.ofHours(1));
  }

  /**
   * What one player can have fits the ring of a new session, so that a login takes all of it.
   *
   * @throws ConfigException when it does not
   */
  void fits(SessionConfig session) {
    Checks.range("offline.messages_per_player", messagesPerPlayer, 1, session.replayMessagesMax());
    Checks.range("offline.bytes_per_player", bytesPerPlayer, 1_024, session.replayBytesMax());
  }
}
