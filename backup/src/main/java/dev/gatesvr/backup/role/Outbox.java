package dev.gatesvr.backup.role;

import java.util.ArrayList;
import java.util.List;

/** The effects of one input. Not thread-safe. */
final class Outbox {
  private List<RoleEffect> effects = new ArrayList<>();

  void add(RoleEffect effect) {
    effects.add(effect);
  }

  void info(String text) {
    add(new RoleEffect.Note(RoleEffect.Level.INFO, text));
  }

  void warn(String text) {
    add(new RoleEffect.Note(RoleEffect.Level.WARN, text));
  }

  void error(String text) {
    add(new RoleEffect.Note(RoleEffect.Level.ERROR, text));
  }

  List<RoleEffect> drain() {
    List<RoleEffect> drained = effects;
    effects = new ArrayList<>();
    return List.copyOf(drained);
  }
}
