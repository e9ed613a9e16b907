package dev.gatesvr.upstream.grpc;

import dev.gatesvr.upstream.route.Printable;
import dev.gatesvr.upstream.route.UpstreamInstance;
import io.grpc.Metadata;
import io.grpc.Status;

/** What a gRPC status says about a request. Pure. */
final class Failures {
  private Failures() {}

  /**
   * Classifies a status that is not OK.
   *
   * @param sent whether the request headers were written to a socket
   */
  static UpstreamFailure classify(Status status, Metadata trailers, boolean sent) {
    if (!sent) {
      // Also a deadline: what never left this process cannot have run.
      return UpstreamFailure.UNREACHABLE;
    }
    if (trailers.containsKey(GrpcBounds.NOT_RUN)) {
      return UpstreamFailure.REFUSED;
    }
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED
        ? UpstreamFailure.DEADLINE
        : UpstreamFailure.FAILED;
  }

  /** True when the connection ended under a call, or the instance gave it up by a reset. */
  static boolean broken(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE || status.getCode() == Status.Code.CANCELLED;
  }

  /** One line: the instance and what it said. */
  static String detail(UpstreamInstance instance, String message) {
    return "upstream " + instance + ": " + Printable.plain(message);
  }

  /** One line: the instance, the code, the description and the cause. */
  static String detail(UpstreamInstance instance, Status status) {
    StringBuilder line = new StringBuilder(96);
    line.append("upstream ").append(instance).append(": ").append(status.getCode());
    if (status.getDescription() != null) {
      line.append(", ").append(Printable.plain(status.getDescription()));
    }
    if (status.getCause() != null && status.getCause().getMessage() != null) {
      line.append(", ").append(Printable.plain(status.getCause().getMessage()));
    }
    return line.toString();
  }
}
