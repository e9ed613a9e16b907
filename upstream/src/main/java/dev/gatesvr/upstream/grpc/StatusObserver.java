package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.StatusResponse;
import dev.gatesvr.upstream.route.UpstreamInstance;

/** Told once, on the caller's event loop, what an instance answered to GetStatus. */
public interface StatusObserver {
  /** It answered. */
  void onStatus(UpstreamInstance instance, StatusResponse response);

  /**
   * It did not.
   *
   * @param failure {@link UpstreamFailure#UNREACHABLE} when there is no connection to it
   * @param detail one line for logs
   */
  void onSilence(UpstreamInstance instance, UpstreamFailure failure, String detail);
}
