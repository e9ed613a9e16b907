package dev.gatesvr.gateway.auth.key;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a small file holds, read again when its content changes. {@link #get} is thread-safe and
 * never touches the disk; {@link #refresh} does and belongs to one thread. A file that turns bad is
 * reported once per content, and what was read last stays.
 *
 * @param <T> what its text is parsed to, immutable
 */
public final class WatchedFile<T> implements Supplier<T> {
  /** Far above any key file; a wrong path such as a log fails at once. */
  private static final int BYTES_MAX = 1 << 18;

  /** What a refresh found. */
  public sealed interface Change {
    /** The file holds what it held. */
    record None() implements Change {}

    /** Its new content is in use. */
    record Taken() implements Change {}

    /**
     * It cannot be used; the former content stays in use.
     *
     * @param why what was expected
     */
    record Bad(String why) implements Change {}
  }

  private final Path file;
  private final Function<String, T> parser;
  private volatile T value;
  private String seen;

  /**
   * Reads the file for the first time.
   *
   * @param parser throws IllegalArgumentException with what was expected, without quoting secrets
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException from the parser
   */
  public WatchedFile(Path file, Function<String, T> parser) throws IOException {
    this.file = file;
    this.parser = parser;
    this.seen = text();
    this.value = parser.apply(seen);
  }

  @Override
  public T get() {
    return value;
  }

  public Path file() {
    return file;
  }

  /** Reads the file and takes its content if it is new and good. */
  public Change refresh() {
    @Nullable String text = null;
    try {
      text = text();
      if (text.equals(seen)) {
        return new Change.None();
      }
      value = parser.apply(text);
      seen = text;
      return new Change.Taken();
    } catch (IOException e) {
      return bad("", "a readable file: " + e);
    } catch (IllegalArgumentException e) {
      return bad(text == null ? "" : text, String.valueOf(e.getMessage()));
    }
  }

  private Change bad(String text, String why) {
    if (text.equals(seen)) {
      return new Change.None();
    }
    seen = text;
    return new Change.Bad(why);
  }

  private String text() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        throw new IOException("larger than 256 KiB");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}
