package dev.gatesvr.upstream.service;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** The one answer of a unary call as a future. */
final class UnaryReply<R> implements StreamObserver<R> {
  private final CompletableFuture<R> future = new CompletableFuture<>();

  CompletableFuture<R> future() {
    return future;
  }

  @Override
  public void onNext(R response) {
    future.complete(response);
  }

  @Override
  public void onError(Throwable failure) {
    future.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    // After onNext this changes nothing.
    future.completeExceptionally(new IllegalStateException("OK without a message"));
  }
}
