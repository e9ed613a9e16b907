package dev.gatesvr.upstream.service.witness;

import dev.gatesvr.proto.WitnessFile;
import dev.gatesvr.proto.WitnessVote;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The votes of all pairs, in memory and on disk alike. Not thread-safe; writing blocks. */
final class VoteStore implements AutoCloseable {
  private final VoteFile file;
  private final long id;
  private final Map<String, Vote> votes = new TreeMap<>();

  private VoteStore(VoteFile file, WitnessFile held) {
    this.file = file;
    this.id = held.getWitnessId();
    for (WitnessVote vote : held.getVotesList()) {
      votes.put(
          vote.getPair(), new Vote(vote.getPromised(), vote.getAcceptedAt(), vote.getValue()));
    }
  }

  /**
   * Reads the file, or makes the first one.
   *
   * @param create this is the witness's first start
   * @throws IOException when the file is damaged, or missing without {@code create}, or there with
   *     it, or the directory is in use
   */
  static VoteStore open(Path directory, boolean create) throws IOException {
    if (create) {
      Files.createDirectories(directory);
    }
    VoteFile file = VoteFile.lock(directory);
    try {
      WitnessFile held = file.read();
      if (create) {
        held = first(directory, held);
        file.write(held);
      } else if (held == null) {
        throw new IOException(
            "witness directory "
                + directory
                + " holds no "
                + VoteFile.NAME
                + ": only a witness's first start may go without (flag --witness-init); one that"
                + " lost its disk is replaced as docs/ha-arbiters.md says");
      }
      return new VoteStore(file, held);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static WitnessFile first(Path directory, @Nullable WitnessFile held) throws IOException {
    if (held != null) {
      throw new IOException(
          "witness directory "
              + directory
              + " holds a "
              + VoteFile.NAME
              + " already: this is not a first start, leave --witness-init out");
    }
    return WitnessFile.newBuilder().setWitnessId(new SecureRandom().nextLong()).build();
  }

  /** The random number that names this witness's memory. */
  long id() {
    return id;
  }

  /** The votes by pair as of now; a copy. */
  Map<String, Vote> votes() {
    return new TreeMap<>(votes);
  }

  /** Puts these in the place of all; they are on disk when this returns. */
  void replace(Map<String, Vote> next) throws IOException {
    WitnessFile.Builder whole = WitnessFile.newBuilder().setWitnessId(id);
    next.forEach(
        (pair, vote) ->
            whole.addVotes(
                WitnessVote.newBuilder()
                    .setPair(pair)
                    .setPromised(vote.promised())
                    .setAcceptedAt(vote.acceptedAt())
                    .setValue(vote.value())));
    file.write(whole.build());
    votes.putAll(next);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
