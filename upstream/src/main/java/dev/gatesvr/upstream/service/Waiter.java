package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * A gateway's call that waits for the answer of a request.
 *
 * @param pair the gateway's pair, empty for none
 * @param term under which it called
 */
record Waiter(ServerCallStreamObserver<UpstreamResponse> call, String pair, long term, long seq) {
  static Waiter of(ServerCallStreamObserver<UpstreamResponse> call, UpstreamRequest request) {
    return new Waiter(
        call, request.getGatewayPair(), request.getGatewayTerm(), request.getClientSeqId());
  }

  boolean gone() {
    return call.isCancelled();
  }

  void answer(UpstreamResponse response) {
    // Of several copies all but the last are usually of connections that broke.
    if (!gone()) {
      call.onNext(response);
      call.onCompleted();
    }
  }
}
