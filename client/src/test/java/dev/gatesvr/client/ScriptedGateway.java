package dev.gatesvr.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.gatesvr.proto.BusinessRequest;
import dev.gatesvr.proto.BusinessResponse;
import dev.gatesvr.proto.ClientAck;
import dev.gatesvr.proto.ClientRequest;
import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ErrorMessage;
import dev.gatesvr.proto.HeartbeatResponse;
import dev.gatesvr.proto.PushType;
import dev.gatesvr.proto.RequestType;
import dev.gatesvr.proto.ServerPush;
import dev.gatesvr.proto.StartRequest;
import dev.gatesvr.proto.StartResponse;
import dev.gatesvr.transport.CloseReason;
import dev.gatesvr.transport.Connection;
import dev.gatesvr.transport.ConnectionHandler;
import dev.gatesvr.transport.FrameFault;
import dev.gatesvr.transport.SendResult;
import dev.gatesvr.transport.TransportObserver;
import dev.gatesvr.transport.loop.IoLoops;
import dev.gatesvr.transport.quic.QuicListener;
import dev.gatesvr.transport.quic.QuicListenerConfig;
import dev.gatesvr.transport.quic.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A QUIC listener on loopback that does what a test's script says. */
final class ScriptedGateway implements AutoCloseable {
  private final IoLoops loops = IoLoops.open(1);
  private final QuicListener listener;
  private final Script script;
  private final List<Peer> peers = new CopyOnWriteArrayList<>();

  /** Decides what a message leads to, on the connection's loop. */
  @FunctionalInterface
  interface Script {
    void onRequest(Peer peer, ClientRequest request);
  }

  /** One connection of a client. */
  final class Peer implements ConnectionHandler<ClientRequest> {
    /** From 0. */
    final int number;

    final Connection connection;
    final AtomicLong acked = new AtomicLong();
    final List<ClientRequest> received = new CopyOnWriteArrayList<>();
    volatile boolean backpressured;
    volatile boolean closed;

    Peer(int number, Connection connection) {
      this.number = number;
      this.connection = connection;
    }

    @Override
    public void onFrame(ClientRequest request, long receivedNanos) {
      received.add(request);
      if (request.getAckSeqId() != 0) {
        acked.set(request.getAckSeqId());
      }
      if (request.getType() == RequestType.REQUEST_ACK) {
        acked.set(parse(request.getPayload(), ClientAck.parser()).getAckedSeqId());
      }
      script.onRequest(this, request);
    }

    @Override
    public void onFault(FrameFault fault) {
      connection.close(fault.closeCode());
    }

    @Override
    public void onWritable() {}

    @Override
    public void onClosed(CloseReason reason) {
      closed = true;
    }

    SendResult send(ServerPush push) {
      SendResult result = connection.send(push);
      backpressured |= result == SendResult.BACKPRESSURED;
      return result;
    }

    void answerStart(ClientRequest request, StartResponse.Builder response) {
      send(answer(request, PushType.PUSH_START_RESP, response.build()).build());
    }

    void started(ClientRequest request) {
      answerStart(request, StartResponse.newBuilder().setSuccess(true));
    }

    void refuse(ClientRequest request, int code) {
      ErrorMessage error =
          ErrorMessage.newBuilder().setErrorCode(code).setErrorMessage("refused").build();
      answerStart(request, StartResponse.newBuilder().setError(error));
    }

    void echo(ClientRequest request, long seq) {
      BusinessRequest asked = parse(request.getPayload(), BusinessRequest.parser());
      BusinessResponse response =
          BusinessResponse.newBuilder()
              .setCode(200)
              .setMessage(asked.getAction())
              .setData(asked.getData())
              .build();
      send(answer(request, PushType.PUSH_BUSINESS_DATA, response).setSeqId(seq).build());
    }

    SendResult push(long seq, ByteString data) {
      BusinessResponse body = BusinessResponse.newBuilder().setCode(200).setData(data).build();
      return send(
          ServerPush.newBuilder()
              .setSeqId(seq)
              .setType(PushType.PUSH_BUSINESS_DATA)
              .setPayload(body.toByteString())
              .build());
    }

    void error(ClientRequest request, ErrorMessage error) {
      send(answer(request, PushType.PUSH_ERROR, error).setSeqId(request.getSeqId()).build());
    }

    void signal(PushType type, long seq, MessageLite payload) {
      send(
          ServerPush.newBuilder()
              .setType(type)
              .setSeqId(seq)
              .setPayload(payload.toByteString())
              .build());
    }

    /** Runs on the connection's loop. */
    void later(Consumer<Peer> action) {
      connection.loop().execute(() -> action.accept(this));
    }

    void heartbeat(ClientRequest request) {
      send(
          answer(request, PushType.PUSH_HEARTBEAT_RESP, HeartbeatResponse.getDefaultInstance())
              .build());
    }

    void close(CloseCode code) {
      connection.loop().execute(() -> connection.close(code));
    }

    long count(RequestType type) {
      return received.stream().filter(request -> request.getType() == type).count();
    }
  }

  ScriptedGateway(TlsIdentity identity, Script script) throws IOException {
    this.script = script;
    this.listener =
        QuicListener.bind(
            QuicListenerConfig.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity),
            loops,
            this::accept,
            ClientRequest.parser(),
            TransportObserver.NONE);
  }

  private Peer accept(Connection connection) {
    Peer peer = new Peer(peers.size(), connection);
    peers.add(peer);
    return peer;
  }

  String address() {
    return "localhost:" + listener.localAddress().getPort();
  }

  int connections() {
    return peers.size();
  }

  Peer peer(int number) {
    Await.until("connection " + number, () -> peers.size() > number);
    return peers.get(number);
  }

  static StartRequest start(ClientRequest request) {
    return parse(request.getPayload(), StartRequest.parser());
  }

  private static <M> M parse(ByteString bytes, com.google.protobuf.Parser<M> parser) {
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static ServerPush.Builder answer(
      ClientRequest request, PushType type, MessageLite payload) {
    return ServerPush.newBuilder()
        .setMsgId(request.getMsgId())
        .setType(type)
        .setPayload(payload.toByteString());
  }

  @Override
  public void close() {
    listener.close().toCompletableFuture().join();
    loops.close();
  }
}
