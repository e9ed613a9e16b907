package dev.gatesvr.arch.bad.upstream.route;

import java.time.Instant;

/** Breaks: time is an argument. */
final class AsksForNow {
  Instant now() {
    return Instant.now();
  }
}
