package dev.gatesvr.upstream.route;

/** One of the six zones that share all players (PROTOCOL.md §4); prints as three digits. */
public enum ZoneId {
  ZONE_001(1),
  ZONE_002(2),
  ZONE_003(3),
  ZONE_004(4),
  ZONE_005(5),
  ZONE_006(6);

  /** How many zones there are; part of the wire contract, not a setting. */
  public static final int COUNT = 6;

  private static final ZoneId[] ZONES = values();

  private final int number;
  private final String text;

  ZoneId(int number) {
    this.number = number;
    this.text = "00" + number;
  }

  /**
   * The zone with a number.
   *
   * @param number 1 to 6
   */
  public static ZoneId ofNumber(int number) {
    if (number < 1 || number > COUNT) {
      throw new IllegalArgumentException("zone number: " + number + " (expected: 1 to 6)");
    }
    return ZONES[number - 1];
  }

  /**
   * The zone that the text names.
   *
   * @param text exactly three digits, {@code 001} to {@code 006}
   * @throws IllegalArgumentException naming the value and what was expected
   */
  public static ZoneId parse(String text) {
    for (ZoneId zone : ZONES) {
      if (zone.text.equals(text)) {
        return zone;
      }
    }
    throw new IllegalArgumentException(
        "zone: " + Printable.quoted(text) + " (expected: \"001\" to \"006\")");
  }

  /** 1 to 6; {@code number() - 1} indexes an array of {@link #COUNT}. */
  public int number() {
    return number;
  }

  /** Three digits, as on the wire. */
  @Override
  public String toString() {
    return text;
  }
}
