package dev.gatesvr.upstream.grpc;

/** Told that an upstream knows a higher term than this gateway's: it was deposed. */
@FunctionalInterface
public interface FenceListener {
  /** Ignores it: there is no pair. */
  FenceListener NONE = (pair, term) -> {};

  /**
   * Called on the event loop that the answer came on, for every such answer. Must not block.
   *
   * @param pair whose term it is
   * @param term the higher one
   */
  void onFenced(String pair, long term);
}
