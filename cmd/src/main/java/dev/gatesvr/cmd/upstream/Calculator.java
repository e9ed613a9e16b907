package dev.gatesvr.cmd.upstream;

import dev.gatesvr.upstream.route.Printable;
import java.math.BigDecimal;
import java.math.MathContext;

/** The action {@code calculate}: two numbers and what to do with them. Pure. */
final class Calculator {
  /** Numbers longer than this are no arithmetic but an attack on it. */
  private static final int NUMBER_CHARS_MAX = 40;

  private static final int EXPONENT_MAX = 300;

  private Calculator() {}

  /**
   * Calculates with 34 digits.
   *
   * @param operation {@code add}, {@code subtract}, {@code multiply} or {@code divide}; also {@code
   *     sub}, {@code mul} and {@code div}
   * @throws IllegalArgumentException naming the value and what was expected
   */
  static String calculate(String operation, String a, String b) {
    BigDecimal left = number("a", a);
    BigDecimal right = number("b", b);
    BigDecimal result =
        switch (operation) {
          case "add" -> left.add(right, MathContext.DECIMAL128);
          case "subtract", "sub" -> left.subtract(right, MathContext.DECIMAL128);
          case "multiply", "mul" -> left.multiply(right, MathContext.DECIMAL128);
          case "divide", "div" -> divide(left, right);
          default ->
              throw new IllegalArgumentException(
                  "operation: "
                      + Printable.quoted(operation)
                      + " (expected: add, subtract, multiply or divide)");
        };
    BigDecimal shortest = result.signum() == 0 ? BigDecimal.ZERO : result.stripTrailingZeros();
    return Math.abs(shortest.scale()) > NUMBER_CHARS_MAX
        ? shortest.toString()
        : shortest.toPlainString();
  }

  private static BigDecimal divide(BigDecimal left, BigDecimal right) {
    if (right.signum() == 0) {
      throw new IllegalArgumentException("b: 0 (expected: not 0, division by zero)");
    }
    return left.divide(right, MathContext.DECIMAL128);
  }

  private static BigDecimal number(String name, String text) {
    try {
      if (text.length() <= NUMBER_CHARS_MAX) {
        BigDecimal number = new BigDecimal(text.strip());
        if (Math.abs((long) number.scale()) <= EXPONENT_MAX) {
          return number;
        }
      }
    } catch (NumberFormatException e) {
      // Told below, with the name.
    }
    throw new IllegalArgumentException(
        name + ": " + Printable.quoted(text) + " (expected: a number)");
  }
}
