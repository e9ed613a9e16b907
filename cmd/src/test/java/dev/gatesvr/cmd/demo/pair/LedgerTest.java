package dev.gatesvr.cmd.demo.pair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class LedgerTest {
  @Test
  void travelsAsOneLine() {
    BitSet acknowledged = new BitSet();
    acknowledged.set(1, 101);
    acknowledged.set(102);
    acknowledged.set(104, 106);
    BitSet unknown = new BitSet();
    unknown.set(101);
    Ledger ledger = new Ledger(105, acknowledged, unknown, new BitSet(), 3);
    assertThat(ledger.text())
        .isEqualTo("pushed=105 acknowledged=1-100,102,104-105 unknown=101 ran= ranAgain=3");
    assertThat(Ledger.parse(ledger.text())).isEqualTo(ledger);
  }

  @Test
  void refusesWhatIsNoLedger() {
    assertThatThrownBy(() -> Ledger.parse("no such player"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a zone's ledger");
    assertThatThrownBy(() -> Ledger.parse("pushed=1 acknowledged= unknown= ran= again=0"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
