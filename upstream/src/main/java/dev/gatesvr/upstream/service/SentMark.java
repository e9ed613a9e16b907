package dev.gatesvr.upstream.service;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/** Whether one call's headers were written to a socket; before that nobody can have seen it. */
final class SentMark extends ClientStreamTracer.Factory {
  private volatile boolean sent;

  boolean sent() {
    return sent;
  }

  /** Whatever happened: the call is given up, and goes on by itself. */
  void assumeSent() {
    sent = true;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void outboundHeaders() {
        sent = true;
      }
    };
  }
}
