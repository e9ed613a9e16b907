package dev.gatesvr.cmd.demo.pair;

/** A part of the play, in the order in which they come. */
enum Chapter {
  ORDINARY("ordinary"),
  SIGKILL("SIGKILL"),
  COMEBACK("comeback"),
  SWITCHOVER("switchover");

  private final String title;

  Chapter(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
