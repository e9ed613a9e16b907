package dev.gatesvr.backup.role;

/** The names of processes: {@code server_id#random}. */
final class Incarnations {
  private Incarnations() {}

  /** The server id in a process's name; the whole name when it has no {@code #}. */
  static String serverOf(String incarnation) {
    int end = incarnation.lastIndexOf('#');
    return end < 0 ? incarnation : incarnation.substring(0, end);
  }
}
