package dev.gatesvr.cmd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/find-jdk.sh} among Javas that are only folders. */
class FindJdkTest {
  @TempDir private Path dir;
  private final Map<String, String> environment = new HashMap<>();

  /** A PATH with the tools of any system and no Java. */
  @BeforeEach
  void bareEnvironment() throws IOException {
    Path bin = Files.createDirectories(dir.resolve("bin"));
    for (String tool : List.of("sh", "dirname", "basename", "readlink", "sed", "head", "ls")) {
      Path real = Path.of("/usr/bin", tool);
      Files.createSymbolicLink(
          bin.resolve(tool), Files.exists(real) ? real : Path.of("/bin", tool));
    }
    environment.put("PATH", bin.toString());
    environment.put("FIND_JDK_ROOTS", Files.createDirectories(dir.resolve("jvm")).toString());
  }

  private Ran find(String... kind) throws IOException, InterruptedException {
    String script = Distribution.script("find-jdk.sh").toString();
    return kind.length == 0
        ? Ran.run(dir, environment, "/bin/sh", script)
        : Ran.run(dir, environment, "/bin/sh", script, kind[0]);
  }

  private Path java(Path home, int version, boolean jdk) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "X=1\nJAVA_VERSION=\"" + version + ".0.1\"\n");
    for (String tool : jdk ? List.of("java", "javac") : List.of("java")) {
      Path program = Files.writeString(bin.resolve(tool), "#!/bin/sh\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return home;
  }

  @Test
  void saysInOneLineWhatIsMissing() throws Exception {
    Ran ran = find();
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).startsWith("no JDK 21 or newer found").hasLineCount(1);
    assertThat(find("jre").err()).startsWith("no Java runtime 21 or newer found");
  }

  @Test
  void theNewestOfTheSystemsFoldersWins() throws Exception {
    java(dir.resolve("jvm/a-21"), 21, true);
    Path newest = java(dir.resolve("jvm/b with space"), 25, true);
    java(dir.resolve("jvm/c-17"), 17, true);
    assertThat(find().out()).isEqualTo(newest.toString());
  }

  @Test
  void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
    environment.put("JAVA_HOME", java(dir.resolve("old"), 17, true).toString());
    Path fitting = java(dir.resolve("jvm/fits"), 21, true);
    assertThat(find().out()).isEqualTo(fitting.toString());
  }

  @Test
  void javaHomeComesBeforePathAndPathBeforeFolders() throws Exception {
    java(dir.resolve("jvm/newer"), 25, true);
    Path onPath = java(dir.resolve("path"), 22, true);
    Files.createSymbolicLink(dir.resolve("bin/java"), onPath.resolve("bin/java"));
    assertThat(find().out()).isEqualTo(onPath.toRealPath().toString());
    Path home = java(dir.resolve("home"), 21, true);
    environment.put("JAVA_HOME", home.toString());
    assertThat(find().out()).isEqualTo(home.toString());
  }

  @Test
  void aRuntimeIsEnoughToRunAndNotToBuild() throws Exception {
    Path runtime = java(dir.resolve("jvm/jre"), 25, false);
    assertThat(find("jre").out()).isEqualTo(runtime.toString());
    assertThat(find("jdk").exitCode()).isEqualTo(1);
  }

  @Test
  void mavenIsAskedForInOneLine() throws Exception {
    Ran ran = Ran.run(dir, environment, "/bin/sh", Distribution.script("maven.sh").toString());
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.err()).contains("Maven (mvn) is not on the PATH").hasLineCount(1);
  }
}
