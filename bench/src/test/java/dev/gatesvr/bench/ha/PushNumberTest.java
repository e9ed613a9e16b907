package dev.gatesvr.bench.ha;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PushNumberTest {
  @Test
  void comesBackFromItsText() {
    PushNumber number = new PushNumber(17, 123_456_789_012L);
    assertThat(PushNumber.parse(number.text(""))).isEqualTo(number);
    assertThat(PushNumber.parse(number.text("xxxx"))).isEqualTo(number);
  }
}
