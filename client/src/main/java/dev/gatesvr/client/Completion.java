package dev.gatesvr.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.gatesvr.client.core.Outcome;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ErrorCode;
import dev.gatesvr.proto.ErrorMessage;
import java.util.concurrent.CompletableFuture;

/** Turns the outcome of a request into what its future completes with. */
final class Completion {
  private Completion() {}

  static void complete(CompletableFuture<Response> future, Outcome outcome) {
    switch (outcome) {
      case Outcome.Answered answered -> completeAnswered(future, answered);
      case Outcome.Refused refused -> future.completeExceptionally(refused(refused.error()));
      case Outcome.Failed failed -> future.completeExceptionally(failed(failed));
    }
  }

  private static void completeAnswered(
      CompletableFuture<Response> future, Outcome.Answered answered) {
    try {
      BusinessResponse body = BusinessResponse.parseFrom(answered.payload());
      future.complete(
          new Response(
              answered.seqId(),
              body.getCode(),
              body.getMessage(),
              body.getData(),
              answered.headers()));
    } catch (InvalidProtocolBufferException e) {
      future.completeExceptionally(
          new RequestException(ErrorCode.UPSTREAM_FAILED, "the answer is no BusinessResponse"));
    }
  }

  private static RequestException refused(ErrorMessage error) {
    String detail = error.getDetail().isEmpty() ? "" : ": " + error.getDetail();
    String message = error.getErrorCode() + " " + error.getErrorMessage() + detail;
    boolean unknown =
        error.getOutcomeUnknown() || error.getErrorCode() == ErrorCode.UPSTREAM_DEADLINE;
    return unknown
        ? new OutcomeUnknownException(error.getErrorCode(), message)
        : new RequestException(error.getErrorCode(), message);
  }

  private static RequestException failed(Outcome.Failed failed) {
    String message = failed.failure().meaning();
    return failed.mayHaveRun()
        ? new OutcomeUnknownException(0, message)
        : new RequestException(0, message);
  }
}
