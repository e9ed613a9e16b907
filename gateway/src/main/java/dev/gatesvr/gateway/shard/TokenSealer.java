package dev.gatesvr.gateway.shard;

import com.google.protobuf.ByteString;
import dev.gatesvr.gateway.auth.ResumeClaim;

/** Makes resume tokens; thread-safe, never blocks. */
@FunctionalInterface
public interface TokenSealer {
  ByteString seal(ResumeClaim claim);
}
