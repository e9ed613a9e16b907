package dev.gatesvr.gateway.shard;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes that all sessions of the process keep for replay. Thread-safe; each shard adds its
 * changes in portions, so that it can lag behind by {@link #PORTION_BYTES} per shard.
 */
public final class ReplayBudget {
  static final int PORTION_BYTES = 64 << 10;

  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * @param bytesMax from where messages are refused or give way
   */
  public ReplayBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  void add(long change) {
    bytes.addAndGet(change);
  }

  /** True while all sessions together hold as much as they may. */
  boolean full() {
    return bytes.get() >= bytesMax;
  }
}
