package dev.gatesvr.cmd.upstream;

import dev.gatesvr.upstream.service.UpstreamServiceBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of a witness. */
final class WitnessFlags {
  /** Where a witness without a zone listens unless it is told. */
  static final String ADDRESS = ":9100";

  @Option(
      names = {"-witness", "--witness"},
      paramLabel = "DIR",
      description =
          "Be a witness of the gateways' term register too, with its votes in DIR"
              + " (UPSTREAM_WITNESS).")
  private @Nullable Path directory;

  @Option(
      names = {"-witness-init", "--witness-init"},
      description =
          "This is the witness's very first start: make its file. Fails when the file is there;"
              + " leave it out of every later start.")
  private boolean init;

  @Option(
      names = {"-witness-only", "--witness-only"},
      description =
          "Be nothing but a witness: no zone, no registration (default address " + ADDRESS + ").")
  private boolean only;

  boolean init() {
    return init;
  }

  boolean only() {
    return only;
  }

  /**
   * Where the votes are; null for no witness.
   *
   * @throws IllegalArgumentException when a flag needs one and there is none
   */
  @Nullable Path directory(Map<String, String> environment) {
    String fromEnvironment = environment.get("UPSTREAM_WITNESS");
    Path chosen =
        directory != null || fromEnvironment == null ? directory : Path.of(fromEnvironment);
    if (chosen == null && (init || only)) {
      throw new IllegalArgumentException(
          (only ? "witness-only" : "witness-init") + ": needs --witness DIR");
    }
    return chosen;
  }

  void addTo(UpstreamServiceBuilder service, Map<String, String> environment) {
    Path chosen = directory(environment);
    if (chosen != null) {
      service.witness(chosen, init);
    }
  }
}
