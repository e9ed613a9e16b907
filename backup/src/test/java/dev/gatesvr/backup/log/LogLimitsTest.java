package dev.gatesvr.backup.log;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLimitsTest {
  @Test
  void namesWhatIsOutOfRange() {
    refuses(() -> new LogLimits(0, 1, 1, 1, 1, 1), "entryBytesMax: 0");
    refuses(() -> new LogLimits(1, 0, 1, 1, 1, 1), "entriesMax: 0");
    refuses(() -> new LogLimits(1, 1, 0, 1, 1, 1), "bytesMax: 0");
    refuses(() -> new LogLimits(1, 5, 1, 6, 1, 1), "batchEntriesMax: 6 (expected: 1 to 5)");
    refuses(() -> new LogLimits(1, 1, 20, 1, 11, 10), "batchBytesMax: 11 (expected: 1 to 10)");
    refuses(() -> new LogLimits(1, 1, 20, 1, 1, 21), "windowBytesMax: 21 (expected: 1 to 20)");
  }

  @Test
  void aBatchHasANumberAndEntries() {
    refuses(() -> new Batch(0, List.of(ByteString.EMPTY)), "firstLsn: 0");
    refuses(() -> new Batch(1, List.of()), "entries: 0");
  }

  private static void refuses(Runnable making, String message) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
