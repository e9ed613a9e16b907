package dev.gatesvr.bench;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a result file must carry so that its numbers can be read later. */
public final class RunFacts {
  private static final String UNKNOWN = "unknown";

  private RunFacts() {}

  /** The facts of this process and machine, by name. */
  public static Map<String, Object> of(List<String> arguments) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("time", Instant.now().toString());
    facts.put("commit", commit());
    facts.put("flags", String.join(" ", arguments));
    facts.put("jvm_flags", ManagementFactory.getRuntimeMXBean().getInputArguments());
    facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("jdk", System.getProperty("java.vm.version", UNKNOWN));
    facts.put("gc", collectors());
    facts.put("processors", Runtime.getRuntime().availableProcessors());
    facts.put("load_average", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    return facts;
  }

  private static String collectors() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .map(GarbageCollectorMXBean::getName)
        .collect(Collectors.joining(", "));
  }

  /** What the sources around the program are at; unknown where there are none. */
  static String commit() {
    Path home = Path.of(System.getProperty("gatesvr.home", ".")).toAbsolutePath();
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .directory(home.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean found = git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0;
      return found ? text.strip() : UNKNOWN;
    } catch (IOException e) {
      return UNKNOWN;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return UNKNOWN;
    }
  }
}
