package dev.gatesvr.upstream.service.witness;

import java.io.IOException;

/**
 * A witness that must not vote, because its votes are missing, damaged, in use, or there although
 * this was said to be its first start. The message says which, and where.
 */
public final class WitnessMemoryException extends IOException {
  private static final long serialVersionUID = 1L;

  WitnessMemoryException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
