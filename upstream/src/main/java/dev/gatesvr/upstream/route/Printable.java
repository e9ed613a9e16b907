package dev.gatesvr.upstream.route;

/** Text from a peer, made fit for one line of a log or an error message. */
public final class Printable {
  private static final int CHARS_MAX = 80;

  private Printable() {}

  /** The text in quotes, control characters as {@code ?}, cut after 80 characters. */
  public static String quoted(String text) {
    return '"' + plain(text) + '"';
  }

  /** The same without quotes. */
  public static String plain(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), CHARS_MAX) + 3);
    for (int at = 0; at < text.length() && at < CHARS_MAX; at++) {
      char c = text.charAt(at);
      line.append(Character.isISOControl(c) ? '?' : c);
    }
    return text.length() > CHARS_MAX ? line.append("...").toString() : line.toString();
  }

  /** True when the text holds a character that could break or forge a line. */
  public static boolean hasControls(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }
}
