package dev.gatesvr.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Two zones and a witness: fixed ports and a disk, with one process after the other on them. */
final class ZonePlace implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(30);

  private final String id;
  private final Path folder;
  private final String zones;
  private final int witnessPort;
  private final boolean witness;
  private @Nullable ChildProcess process;
  private int starts;
  private boolean create = true;
  private String stream = "";

  /**
   * @param id also of the streams of its pushes
   * @param zones such as {@code 001} and {@code 004}; the first one's port is the witness's
   */
  ZonePlace(String id, Path folder, Ports ports, boolean witness, String... zones) {
    this.id = id;
    this.folder = folder;
    this.witness = witness;
    List<String> places = new ArrayList<>();
    int first = 0;
    for (String zone : zones) {
      int port = ports.next();
      first = first == 0 ? port : first;
      places.add(zone + ":" + port);
    }
    this.zones = String.join(",", places);
    this.witnessPort = first;
  }

  String id() {
    return id;
  }

  int witnessPort() {
    return witnessPort;
  }

  boolean serves(String zone) {
    return zones.contains(zone + ":");
  }

  ChildProcess process() {
    if (process == null) {
      throw new IllegalStateException(id + " was never started");
    }
    return process;
  }

  boolean up() {
    return process != null && process.alive() && !process.paused();
  }

  private Path disk() {
    return folder.resolve("witness-" + id);
  }

  /** Starts a process; {@link #awaitServing} waits for it. */
  void start(List<Node> gateways) {
    starts++;
    List<String> arguments = new ArrayList<>();
    arguments.add("zones=" + zones);
    arguments.add("history=" + history(starts));
    arguments.add(
        "gateways=" + String.join(",", gateways.stream().map(Node::upstreamAddress).toList()));
    if (witness) {
      arguments.add("witness=" + disk());
      if (create) {
        arguments.add("create=yes");
      }
    }
    try {
      Files.createDirectories(disk());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    create = false;
    stream = "";
    process =
        ChildProcess.start(
            "zones-" + id + "-" + starts, folder, ZoneChild.class, List.of("-Xmx192m"), arguments);
  }

  void awaitServing() {
    process().await("^serving", START_TIMEOUT);
  }

  /** The next start finds an empty disk, and knows that it does. */
  void loseDisk() {
    try (Stream<Path> files = Files.walk(disk())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
      create = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Issues no more pushes, and waits until each has an outcome. */
  void rest() {
    if (up() && !stream.isEmpty()) {
      process().say("rest");
      process().await("resting after " + stream + "$", REST_TIMEOUT);
      stream = "";
    }
  }

  /**
   * Pushes from now on, in a stream of this process alone.
   *
   * @param round ends the stream's name
   */
  void load(String round, int rate, List<String> openids) {
    stream = id + "-" + starts + "." + round;
    process().say("load " + stream + " " + rate + " " + String.join(",", openids));
  }

  private Path history(int start) {
    return folder.resolve("zones-" + id + "-" + start + ".history");
  }

  /** What all its processes wrote. */
  List<Path> histories() {
    List<Path> files = new ArrayList<>();
    for (int start = 1; start <= starts; start++) {
      files.add(history(start));
    }
    return files;
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
  }
}
