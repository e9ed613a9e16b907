package dev.gatesvr.upstream.registry;

import dev.gatesvr.upstream.route.UpstreamInstance;
import org.jspecify.annotations.Nullable;

/** What became of a registration. */
public sealed interface RegisterResult {
  /**
   * It is in the table.
   *
   * @param instance the new entry
   * @param replaced what had the address before, null when nobody
   */
  record Registered(UpstreamInstance instance, @Nullable UpstreamInstance replaced)
      implements RegisterResult {}

  /**
   * It is not, and the table did not change.
   *
   * @param code the {@code error_code} of the wire
   * @param message the offending value and what was expected
   */
  record Refused(Code code, String message) implements RegisterResult {}

  /** The {@code error_code} of a refusal (PROTOCOL.md §3); the names are the wire's. */
  enum Code {
    /** Not an address that anybody could connect to. */
    INVALID_ADDRESS,
    /** Not one of the six zones. */
    INVALID_ZONE_ID,
    /** Well formed, but there is no room, or its name cannot be shown. */
    REGISTER_FAILED
  }
}
