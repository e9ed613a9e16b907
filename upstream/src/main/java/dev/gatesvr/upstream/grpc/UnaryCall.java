package dev.gatesvr.upstream.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of one unary call, without the layers of a stub. {@link #settled} follows exactly
 * once, on the loop.
 *
 * <p>{@link #sent} is what tells "certainly not run" from "may have run": gRPC reports the request
 * headers to the tracer when their bytes were written to the socket, and the message is written
 * after them.
 *
 * @param <Q> request
 * @param <R> response
 */
abstract class UnaryCall<Q, R> extends ClientCall.Listener<R> {
  private static final Logger log = LoggerFactory.getLogger(UnaryCall.class);

  private final EventLoop loop;
  private @Nullable R response;
  private volatile boolean sent;
  private boolean settled;

  UnaryCall(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * The call ended.
   *
   * @param response not null when the status is OK
   */
  abstract void settled(Status status, Metadata trailers, @Nullable R response);

  /** True when the request headers were written to a socket. */
  final boolean sent() {
    return sent;
  }

  final void start(
      ManagedChannel channel, MethodDescriptor<Q, R> method, Q request, long timeoutNanos) {
    // The thread may be serving another call; its context would cancel this one when it ends.
    Context caller = Context.ROOT.attach();
    try {
      CallOptions options =
          CallOptions.DEFAULT
              .withDeadlineAfter(timeoutNanos, TimeUnit.NANOSECONDS)
              .withStreamTracerFactory(new SentTracerFactory());
      ClientCall<Q, R> call = channel.newCall(method, options);
      call.start(this, new Metadata());
      try {
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
      } catch (RuntimeException e) {
        // The listener is told by the cancellation.
        call.cancel("the request could not be sent", e);
      }
    } finally {
      Context.ROOT.detach(caller);
    }
  }

  @Override
  public final void onMessage(R message) {
    response = message;
  }

  @Override
  public final void onClose(Status status, Metadata trailers) {
    if (loop.inEventLoop()) {
      settleOnce(status, trailers);
      return;
    }
    // Name resolution and the like end a call on a thread of gRPC.
    try {
      loop.execute(() -> settleOnce(status, trailers));
    } catch (RejectedExecutionException e) {
      log.debug("a call ended after its event loop had stopped: {}", status);
    }
  }

  private void settleOnce(Status status, Metadata trailers) {
    if (settled) {
      return;
    }
    settled = true;
    Status outcome =
        status.isOk() && response == null
            ? Status.INTERNAL.withDescription("the upstream answered OK without a message")
            : status;
    try {
      settled(outcome, trailers, response);
    } catch (RuntimeException e) {
      // Thrown further it would end the connection that every player of this loop shares.
      log.error("the observer of an upstream call failed", e);
    }
  }

  private final class SentTracerFactory extends ClientStreamTracer.Factory {
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
}
