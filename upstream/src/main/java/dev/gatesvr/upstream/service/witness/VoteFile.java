package dev.gatesvr.upstream.service.witness;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.proto.WitnessFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code witness.state} in a directory of its own. Not thread-safe.
 *
 * <pre>
 *  "GSWITNS1"   8 bytes
 *  length       u32, of the body
 *  CRC-32C      u32, of the body
 *  body         WitnessFile
 * </pre>
 */
final class VoteFile implements AutoCloseable {
  static final String NAME = "witness.state";
  private static final String TEMPORARY = "witness.state.new";
  private static final String LOCK = "witness.lock";

  /** "GSWITNS1". */
  private static final long MAGIC = 0x4753_5749_544e_5331L;

  private static final int HEADER_BYTES = 16;

  /** Far above what all pairs can need; a longer file is damage. */
  private static final int BYTES_MAX = 1 << 20;

  private final Path directory;
  private final FileChannel lock;

  private VoteFile(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Takes the directory for this process.
   *
   * @throws IOException when it is no directory, or another process has it
   */
  static VoteFile lock(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("witness directory " + directory + " is not there, or no directory");
    }
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      locked = false;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new IOException("witness directory " + directory + " is in use by another witness");
    }
    return new VoteFile(directory, channel);
  }

  /**
   * What the file holds; null when there is none.
   *
   * @throws IOException when it cannot be read or is damaged
   */
  @Nullable WitnessFile read() throws IOException {
    Path path = directory.resolve(NAME);
    ByteBuffer bytes;
    try {
      if (Files.size(path) > BYTES_MAX) {
        throw damaged(path, "it is too long");
      }
      bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    } catch (NoSuchFileException e) {
      return null;
    }
    if (bytes.remaining() < HEADER_BYTES || bytes.getLong() != MAGIC) {
      throw damaged(path, "it does not begin like a witness's file");
    }
    int length = bytes.getInt();
    int checksum = bytes.getInt();
    if (length != bytes.remaining()) {
      throw damaged(path, bytes.remaining() + " bytes where " + length + " were written");
    }
    if (checksum != checksumOf(bytes.duplicate())) {
      throw damaged(path, "its checksum is wrong");
    }
    try {
      return WitnessFile.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(path, String.valueOf(e.getMessage()));
    }
  }

  private static IOException damaged(Path path, String what) {
    return new IOException(
        "witness file "
            + path
            + " is damaged: "
            + what
            + "; a witness must not vote without its memory, see docs/ha-arbiters.md");
  }

  private static int checksumOf(ByteBuffer body) {
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    return (int) checksum.getValue();
  }

  /** Replaces the file; it is on disk when this returns. */
  void write(WitnessFile votes) throws IOException {
    ByteBuffer body = ByteBuffer.wrap(votes.toByteArray());
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putLong(MAGIC).putInt(body.remaining()).putInt(checksumOf(body.duplicate())).flip();
    Path temporary = directory.resolve(TEMPORARY);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeAll(channel, header);
      writeAll(channel, body);
      channel.force(true);
    }
    Files.move(
        temporary,
        directory.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    // The rename itself is on disk only with its directory.
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Gives the directory back. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
