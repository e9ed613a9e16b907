package dev.gatesvr.upstream.grpc;

/**
 * Asked before a request that never left this process goes to another one than was chosen for it,
 * so that its owner can note that first.
 */
@FunctionalInterface
public interface Dispatch {
  /** Goes there at once. */
  Dispatch AT_ONCE = (incarnation, send) -> send.run();

  /**
   * The request would go elsewhere. On the caller's loop.
   *
   * @param incarnation the process that would get it; 0 for an instance of the old wire
   * @param send to be run once, on the caller's loop, now or later. Until then the request is under
   *     way; closing the caller ends it
   */
  void moves(long incarnation, Runnable send);
}
