package dev.gatesvr.cmd.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalculatorTest {
  @ParameterizedTest
  @CsvSource({
    "add, 2, 3, 5",
    "subtract, 2, 3, -1",
    "sub, 0.3, 0.1, 0.2",
    "multiply, 1.5, 4, 6",
    "mul, 0, -7, 0",
    "divide, 1, 8, 0.125",
    "div, 10, 4, 2.5",
    "add, 100, 0, 100",
  })
  void calculates(String operation, String a, String b, String result) {
    assertThat(Calculator.calculate(operation, a, b)).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource({
    "divide, 1, 0, division by zero",
    "div, 1, 0.000, division by zero",
    "add, x, 1, a:",
    "add, 1, '', b:",
    "add, NaN, 1, a:",
    "add, 1e999999999, 1, a:",
    "multiply, 1, 1e-999999999, b:",
    "power, 1, 1, operation:",
    "'', 1, 1, operation:",
  })
  void refusesWhatHasNoResult(String operation, String a, String b, String named) {
    assertThatThrownBy(() -> Calculator.calculate(operation, a, b))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("expected");
  }
}
