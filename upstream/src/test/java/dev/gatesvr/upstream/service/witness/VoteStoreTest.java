package dev.gatesvr.upstream.service.witness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.proto.LeadershipValue;
import dev.gatesvr.proto.WitnessBallot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VoteStoreTest {
  private static final WitnessBallot BALLOT =
      WitnessBallot.newBuilder().setRound(3).setProposer("A#1").build();
  private static final Vote VOTE =
      new Vote(
          BALLOT,
          BALLOT,
          LeadershipValue.newBuilder()
              .setVersion(1)
              .setTerm(1)
              .setLeader("A#1")
              .addInSync("A#1")
              .build());

  @TempDir private Path directory;

  private long writeOne() throws IOException {
    try (VoteStore store = VoteStore.open(directory, true)) {
      store.replace(Map.of("pair", VOTE));
      return store.id();
    }
  }

  @Test
  void holdsAfterARestartWhatItHeldBefore() throws IOException {
    long id = writeOne();
    try (VoteStore store = VoteStore.open(directory, false)) {
      assertThat(store.id()).isEqualTo(id);
      assertThat(store.votes()).isEqualTo(Map.of("pair", VOTE));
    }
  }

  @Test
  void aHalfWrittenSuccessorIsNotRead() throws IOException {
    writeOne();
    Files.write(directory.resolve("witness.state.new"), new byte[] {1, 2, 3});
    try (VoteStore store = VoteStore.open(directory, false)) {
      assertThat(store.votes()).isEqualTo(Map.of("pair", VOTE));
    }
  }

  @Test
  void withoutItsFileItStartsOnlyWhenToldThatItIsTheFirstTime() throws IOException {
    assertThatThrownBy(() -> VoteStore.open(directory, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("holds no witness.state")
        .hasMessageContaining("--witness-init");
    writeOne();
    assertThatThrownBy(() -> VoteStore.open(directory, true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("already");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 13, 20, 30})
  void oneFlippedBitIsDamage(int at) throws IOException {
    writeOne();
    Path file = directory.resolve("witness.state");
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 4;
    Files.write(file, bytes);
    assertThatThrownBy(() -> VoteStore.open(directory, false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void aCutFileIsDamage() throws IOException {
    writeOne();
    Path file = directory.resolve("witness.state");
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 5, 16, bytes.length - 1}) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> VoteStore.open(directory, false))
          .as("cut to %s", length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is damaged");
    }
  }

  @Test
  void aDirectoryHasOneWitness() throws IOException {
    try (VoteStore store = VoteStore.open(directory, true)) {
      assertThat(store.votes()).isEmpty();
      assertThatThrownBy(() -> VoteStore.open(directory, false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
    assertThatThrownBy(() -> VoteStore.open(directory.resolve("no"), false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not there");
  }
}
