package dev.gatesvr.upstream.service;

import dev.gatesvr.proto.FenceServiceGrpc;
import dev.gatesvr.proto.RecordTermRequest;
import dev.gatesvr.proto.RecordTermResponse;
import dev.gatesvr.upstream.service.Fences.Verdict.Admitted;
import dev.gatesvr.upstream.service.Fences.Verdict.Fenced;
import dev.gatesvr.upstream.service.Fences.Verdict.Refused;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a gateway that took over calls before it sends requests. Runs on event loops. */
final class FenceEdge extends FenceServiceGrpc.FenceServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(FenceEdge.class);

  private final Fences fences;
  private final long incarnation;

  FenceEdge(Fences fences, long incarnation) {
    this.fences = fences;
    this.incarnation = incarnation;
  }

  @Override
  public void recordTerm(RecordTermRequest request, StreamObserver<RecordTermResponse> responses) {
    if (request.getPair().isEmpty() || request.getTerm() == 0) {
      responses.onError(
          Status.INVALID_ARGUMENT
              .withDescription("pair and term: (expected: a name, and a term above 0)")
              .asRuntimeException());
      return;
    }
    RecordTermResponse.Builder response =
        RecordTermResponse.newBuilder().setIncarnation(incarnation);
    switch (fences.admit(request.getPair(), request.getTerm())) {
      case Admitted admitted -> response.setRecorded(true).setTerm(request.getTerm());
      case Fenced fenced -> response.setTerm(fenced.byTerm());
      case Refused refused -> {
        log.warn("a term was not recorded: {}", refused.why());
        responses.onError(
            Status.RESOURCE_EXHAUSTED.withDescription(refused.why()).asRuntimeException());
        return;
      }
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }
}
