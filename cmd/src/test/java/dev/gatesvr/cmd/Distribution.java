package dev.gatesvr.cmd;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * What {@code make build} lays out, made from the classes under test: launchers beside {@code
 * lib/*.jar}.
 *
 * @param home holds the launchers
 */
public record Distribution(Path home) {
  private static final Path SCRIPTS = Path.of("..", "scripts").toAbsolutePath().normalize();

  /** Lays out a distribution with those programs in an empty folder. */
  public static Distribution in(Path home, String... programs) throws IOException {
    Path lib = Files.createDirectories(home.resolve("lib"));
    String classpath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    int number = 0;
    for (String entry : List.of(classpath.split(File.pathSeparator))) {
      Path part = Path.of(entry);
      if (Files.isDirectory(part)) {
        jar(part, lib.resolve("classes-" + number++ + ".jar"));
      } else if (Files.exists(part)) {
        Files.createSymbolicLink(lib.resolve(part.getFileName()), part);
      }
    }
    Files.copy(script("find-jdk.sh"), lib.resolve("find-jdk.sh"));
    for (String program : programs) {
      Files.copy(
          script("launcher.sh"),
          home.resolve(program),
          java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    }
    return new Distribution(home);
  }

  /** One of the repository's scripts. */
  public static Path script(String name) {
    return SCRIPTS.resolve(name);
  }

  /** The launcher of a program. */
  public String program(String name) {
    return home.resolve(name).toString();
  }

  private static void jar(Path classes, Path jar) throws IOException {
    try (JarOutputStream out =
            new JarOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
