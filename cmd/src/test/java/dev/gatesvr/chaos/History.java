package dev.gatesvr.chaos;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one zone process wrote down, a line for each event, so that it survives the process:
 *
 * <pre>
 *   S  stream openid number nanos                    a push is offered
 *   A  stream openid number outcome gateway nanos    what its producer was told
 *   X  request session clientSeq incarnation nanos   a request runs
 * </pre>
 *
 * Times are of {@link System#nanoTime}, which all processes of a machine share on Linux.
 */
final class History {
  /** What a push became in the eyes of its producer. */
  enum Outcome {
    /** A gateway answers for it. */
    ACKNOWLEDGED,
    /** Certainly not taken. */
    REFUSED,
    /** The player may get it. */
    UNKNOWN
  }

  /** A push of a stream; the outcome is UNKNOWN while none was written. */
  record Sent(String stream, String openid, int number, long nanos) {}

  /** What the producer was told. */
  record Told(
      String stream, String openid, int number, Outcome outcome, String gateway, long nanos) {}

  /** One run of a request. */
  record Ran(String request, String session, long clientSeq, String incarnation, long nanos) {}

  private final List<Sent> sent = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();
  private final List<Ran> ran = new ArrayList<>();

  /** The complete lines of several files. */
  static History read(List<Path> files) {
    History history = new History();
    for (Path file : files) {
      if (Files.exists(file)) {
        history.add(file);
      }
    }
    return history;
  }

  private void add(Path file) {
    try {
      String text = Files.readString(file);
      // A killed process may have left half a line.
      text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void add(String line) {
    String[] words = line.split("\t", -1);
    long nanos = Long.parseLong(words[words.length - 1]);
    switch (words[0]) {
      case "S" -> sent.add(new Sent(words[1], words[2], Integer.parseInt(words[3]), nanos));
      case "A" ->
          told.add(
              new Told(
                  words[1],
                  words[2],
                  Integer.parseInt(words[3]),
                  outcome(words[4]),
                  words[5],
                  nanos));
      case "X" -> ran.add(new Ran(words[1], words[2], Long.parseLong(words[3]), words[4], nanos));
      default -> throw new IllegalArgumentException("line: " + line);
    }
  }

  private static Outcome outcome(String name) {
    return switch (name) {
      case "DELIVERED", "QUEUED", "BOUND", "STORED", "ACCEPTED" -> Outcome.ACKNOWLEDGED;
      case "REFUSED", "UNREACHABLE" -> Outcome.REFUSED;
      default -> Outcome.UNKNOWN;
    };
  }

  List<Sent> sent() {
    return sent;
  }

  List<Told> told() {
    return told;
  }

  List<Ran> ran() {
    return ran;
  }

  /** Appends; each line is with the system before the call returns. Thread-safe. */
  static final class Writer {
    private final BufferedWriter out;
    private @Nullable IOException failure;

    Writer(Path file) throws IOException {
      out =
          Files.newBufferedWriter(
              file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void sent(String stream, String openid, int number) {
      write("S\t" + stream + "\t" + openid + "\t" + number);
    }

    void outcome(String stream, String openid, int number, String outcome, String gateway) {
      write("A\t" + stream + "\t" + openid + "\t" + number + "\t" + outcome + "\t" + gateway);
    }

    void ran(String request, String session, long clientSeq, long incarnation) {
      write(
          "X\t"
              + request
              + "\t"
              + session
              + "\t"
              + clientSeq
              + "\t"
              + Long.toHexString(incarnation));
    }

    private synchronized void write(String line) {
      if (failure != null) {
        throw new UncheckedIOException(failure);
      }
      try {
        out.write(line + "\t" + System.nanoTime() + "\n");
        out.flush();
      } catch (IOException e) {
        failure = e;
        throw new UncheckedIOException(e);
      }
    }
  }
}
