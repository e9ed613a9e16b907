package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.UpstreamResponse;

/** Told how one request ended: exactly one of the two calls, on the caller's event loop. */
public interface ReplyObserver {
  /** The instance answered, whatever its code says. */
  void onReply(UpstreamResponse response);

  /**
   * There is no answer.
   *
   * @param detail one line for logs and for the error's detail
   */
  void onFailure(UpstreamFailure failure, String detail);
}
