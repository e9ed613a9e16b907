package dev.gatesvr.bench.baseline;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.gatesvr.proto.UpstreamRequest;
import dev.gatesvr.proto.UpstreamResponse;
import dev.gatesvr.proto.UpstreamServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/**
 * Sends every frame, unparsed, as the data of one unary call, and the data of its answer back. The
 * channel answers on this stream's loop.
 */
final class RelayStream extends FrameStream {
  private static final long DEADLINE_SECONDS = 30;

  private final Channel upstream;

  RelayStream(Channel upstream) {
    this.upstream = upstream;
  }

  @Override
  void onFrame(ChannelHandlerContext ctx, ByteBuf frame) {
    ByteString data = UnsafeByteOperations.unsafeWrap(ByteBufUtil.getBytes(frame));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
    ClientCalls.asyncUnaryCall(
        upstream.newCall(UpstreamServiceGrpc.getProcessRequestMethod(), options),
        UpstreamRequest.newBuilder().setData(data).build(),
        new Answer(ctx));
  }

  private final class Answer implements StreamObserver<UpstreamResponse> {
    private final ChannelHandlerContext ctx;

    Answer(ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    @Override
    public void onNext(UpstreamResponse response) {
      if (!ctx.isRemoved()) {
        out(ctx).writeBytes(response.getData().asReadOnlyByteBuffer());
      }
    }

    @Override
    public void onError(Throwable cause) {
      // A load generator counts what is missing; there is nothing to hold the server up for.
      ctx.close();
    }

    @Override
    public void onCompleted() {}
  }
}
