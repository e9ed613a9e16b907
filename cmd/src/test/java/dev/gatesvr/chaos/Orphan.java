package dev.gatesvr.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Ends a child when its parent is gone, however that ended. */
final class Orphan {
  private static final int EXIT_CODE = 9;

  private Orphan() {}

  /** Reads commands from stdin on a thread of its own until it ends, and then ends the process. */
  static void watch(Consumer<String> commands) {
    // Not a daemon: all threads of a zone are, and the process is to stay.
    Thread.ofPlatform()
        .name("chaos-stdin")
        .start(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
                in.lines().forEach(commands);
              } catch (IOException | RuntimeException e) {
                System.out.println("stdin: " + e);
              } finally {
                Runtime.getRuntime().halt(EXIT_CODE);
              }
            });
  }
}
