package dev.gatesvr.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules about sources, which reach {@code bench} too: its classes are built after this test. */
class SourceRulesTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final int CODE_LINES_MAX = 400;

  @Test
  void noFileHasMoreCodeThanAReaderHolds() {
    assertThat(sources())
        .allSatisfy(
            file ->
                assertThat(lines(file).stream().filter(SourceRulesTest::isCode).count())
                    .as("lines of code in %s", file)
                    .isLessThanOrEqualTo(CODE_LINES_MAX));
  }

  @Test
  void everyPackageSaysItsStoryAndIsNullMarked() {
    assertThat(sources().stream().map(Path::getParent).distinct())
        .isNotEmpty()
        .allSatisfy(
            directory ->
                assertThat(directory.resolve("package-info.java"))
                    .content()
                    .contains("/**", "@NullMarked"));
  }

  @Test
  void benchTouchesQuicOnlyForItsBaselineAndNoOneImportsBench() {
    assertThat(importing("dev.gatesvr.bench")).allMatch(file -> file.startsWith(module("bench")));
    assertThat(importing("io.netty.handler.codec.quic"))
        .allMatch(
            file ->
                file.toString().contains("/dev/gatesvr/transport/quic/")
                    || file.startsWith(module("bench")));
  }

  @Test
  void theSourcesAreReallyThere() {
    assertThat(sources()).hasSizeGreaterThan(50);
    assertThat(importing("io.netty.handler.codec.quic")).isNotEmpty();
  }

  private static Path module(String name) {
    return REPOSITORY.resolve(name);
  }

  private static boolean isCode(String line) {
    String text = line.strip();
    return !text.isEmpty()
        && !text.startsWith("//")
        && !text.startsWith("*")
        && !text.startsWith("/*")
        && !text.startsWith("import ");
  }

  private static List<Path> importing(String prefix) {
    Predicate<String> imports = line -> line.matches("import (static )?" + prefix + "\\..*");
    return sources().stream().filter(file -> lines(file).stream().anyMatch(imports)).toList();
  }

  private static List<Path> sources() {
    try (Stream<Path> modules = Files.list(REPOSITORY)) {
      return modules
          .map(module -> module.resolve("src/main/java"))
          .filter(Files::isDirectory)
          .flatMap(SourceRulesTest::javaFiles)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
