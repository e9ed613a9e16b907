package dev.gatesvr.gateway.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatesvr.gateway.auth.key.WatchedFile.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
  @TempDir private Path dir;
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(dir.resolve("keys"), "1");
  }

  private WatchedFile<Integer> watched() throws IOException {
    return new WatchedFile<>(file, WatchedFileTest::number);
  }

  private static Integer number(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number", e);
    }
  }

  @Test
  void takesNewContentAndOnlyThat() throws IOException {
    WatchedFile<Integer> watched = watched();
    assertThat(watched.refresh()).isEqualTo(new Change.None());
    Files.writeString(file, "2");
    assertThat(watched.get()).isEqualTo(1);
    assertThat(watched.refresh()).isEqualTo(new Change.Taken());
    assertThat(watched.get()).isEqualTo(2);
    assertThat(watched.refresh()).isEqualTo(new Change.None());
  }

  @Test
  void aBadContentIsToldOnceAndTheFormerStays() throws IOException {
    WatchedFile<Integer> watched = watched();
    Files.writeString(file, "x");
    assertThat(watched.refresh()).isEqualTo(new Change.Bad("a number"));
    assertThat(watched.refresh()).isEqualTo(new Change.None());
    assertThat(watched.get()).isEqualTo(1);
    Files.writeString(file, "1");
    assertThat(watched.refresh()).isEqualTo(new Change.Taken());
  }

  @Test
  void aFileThatIsGoneIsToldOnceAndTakenWhenItIsBack() throws IOException {
    WatchedFile<Integer> watched = watched();
    Files.delete(file);
    assertThat(watched.refresh()).isInstanceOf(Change.Bad.class);
    assertThat(watched.refresh()).isEqualTo(new Change.None());
    assertThat(watched.get()).isEqualTo(1);
    Files.writeString(file, "3");
    assertThat(watched.refresh()).isEqualTo(new Change.Taken());
    assertThat(watched.get()).isEqualTo(3);
  }

  @Test
  void refusesAFileThatCannotBeAKeyFile() throws IOException {
    Files.write(file, new byte[(1 << 18) + 1]);
    assertThatThrownBy(this::watched).hasMessageContaining("larger than 256 KiB");
    Files.writeString(file, "x");
    assertThatThrownBy(this::watched).hasMessage("a number");
  }

  @Test
  void theWatchTakesAReplacedFileAndReportsABadOne() throws Exception {
    WatchedFile<Integer> watched = watched();
    BlockingQueue<String> troubles = new LinkedBlockingQueue<>();
    try (FileWatch watch =
        FileWatch.start(List.of(watched), Duration.ofMillis(10), troubles::add)) {
      Path fresh = Files.writeString(dir.resolve("fresh"), "7");
      Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (watched.get() != 7 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      assertThat(watched.get()).isEqualTo(7);
      Files.writeString(fresh, "x");
      Files.move(fresh, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      assertThat(troubles.poll(20, TimeUnit.SECONDS)).isEqualTo("a key file cannot be used");
      assertThat(watched.get()).isEqualTo(7);
      assertThat(watch).isNotNull();
    }
  }
}
