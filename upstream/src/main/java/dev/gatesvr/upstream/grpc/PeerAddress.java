package dev.gatesvr.upstream.grpc;

import dev.gatesvr.proto.GatewayServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Lets a registration know where it came from; other calls pass untouched. */
final class PeerAddress implements ServerInterceptor {
  private static final Context.Key<String> HOST = Context.key("gatesvr-peer-host");

  /** The IP address that the current call came from, null when it is not known. */
  static @Nullable String hostOfCurrentCall() {
    return HOST.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    if (!call.getMethodDescriptor()
        .getFullMethodName()
        .equals(GatewayServiceGrpc.getRegisterUpstreamMethod().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    SocketAddress peer = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    if (peer instanceof InetSocketAddress inet && inet.getAddress() != null) {
      Context context = Context.current().withValue(HOST, inet.getAddress().getHostAddress());
      return Contexts.interceptCall(context, call, headers, next);
    }
    return next.startCall(call, headers);
  }
}
