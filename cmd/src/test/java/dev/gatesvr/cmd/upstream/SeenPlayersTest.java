package dev.gatesvr.cmd.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenPlayersTest {
  @Test
  void listsTheNewestFirstAndForgetsTheOldestBeyondItsBound() {
    SeenPlayers players = new SeenPlayers(3);
    players.seen("a");
    players.seen("b");
    players.seen("c");
    players.seen("a");
    players.seen("d");
    assertThat(players.newest(10)).containsExactly("d", "a", "c");
    assertThat(players.newest(1)).containsExactly("d");
    players.left("a");
    players.left("nobody");
    assertThat(players.size()).isEqualTo(2);
  }
}
