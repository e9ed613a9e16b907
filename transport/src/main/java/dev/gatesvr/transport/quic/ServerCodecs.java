package dev.gatesvr.transport.quic;

import dev.gatesvr.proto.Limits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicCodecDispatcher;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicServerCodecBuilder;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes the pipelines of a listener's sockets. The TLS context and the token key are made once and
 * shared by all of them.
 */
final class ServerCodecs<I> {
  /** Longest connection id of RFC 9000: room for the loop's index and 18 random bytes. */
  private static final int CONNECTION_ID_BYTES = 20;

  /** One too many, so that a client which opens another stream hears a close code, not silence. */
  private static final int BIDIRECTIONAL_STREAMS = 2;

  private static final int UNIDIRECTIONAL_STREAMS = 1;
  private static final long UNIDIRECTIONAL_BYTES = 1_024;
  private static final int TOKEN_KEY_BYTES = 32;

  private final QuicListenerConfig config;
  private final ConnectionGate gate;
  private final QuicAttachment.Wiring<I> wiring;
  private final QuicSslContext tls;
  private final SecretKey tokenKey;
  private final Dispatcher dispatcher = new Dispatcher();
  private final ShortPacketFilter filter = new ShortPacketFilter(CONNECTION_ID_BYTES);

  ServerCodecs(QuicListenerConfig config, ConnectionGate gate, QuicAttachment.Wiring<I> wiring) {
    this.config = config;
    this.gate = gate;
    this.wiring = wiring;
    this.tls =
        QuicSslContextBuilder.forServer(new FixedKeyManager(config.identity()), null)
            .applicationProtocols(Limits.ALPN)
            .build();
    byte[] key = new byte[TOKEN_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    this.tokenKey = new SecretKeySpec(key, "HmacSHA256");
  }

  /** The pipeline of the only socket of a port. */
  ChannelHandler alone() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel socket) {
        socket
            .pipeline()
            .addLast(
                new FlushCoalescer(), filter, codec(QuicConnectionIdGenerator.signGenerator()));
      }
    };
  }

  /** The pipeline of a socket that shares its port. */
  ChannelHandler shared() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel socket) {
        // The dispatcher adds the codec behind itself, with ids that carry its index.
        socket.pipeline().addLast(new FlushCoalescer(), filter, dispatcher);
      }
    };
  }

  private ChannelHandler codec(QuicConnectionIdGenerator ids) {
    return new QuicServerCodecBuilder()
        .sslContext(tls)
        .maxIdleTimeout(config.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .initialMaxData(config.windows().connectionBytes())
        .initialMaxStreamDataBidirectionalRemote(config.windows().streamBytes())
        .initialMaxStreamDataUnidirectional(UNIDIRECTIONAL_BYTES)
        .initialMaxStreamsBidirectional(BIDIRECTIONAL_STREAMS)
        .initialMaxStreamsUnidirectional(UNIDIRECTIONAL_STREAMS)
        .activeMigration(true)
        .activeConnectionIdLimit(config.activeConnectionIdLimit())
        .localConnectionIdLength(CONNECTION_ID_BYTES)
        .connectionIdAddressGenerator(ids)
        .tokenHandler(tokens())
        .handler(
            new ChannelInitializer<QuicChannel>() {
              @Override
              protected void initChannel(QuicChannel channel) {
                channel.pipeline().addLast(new AcceptingHandler<>(channel, gate, wiring));
              }
            })
        .build();
  }

  private RetryTokens tokens() {
    BooleanSupplier wanted =
        switch (config.addressValidation()) {
          case NEVER -> () -> false;
          case UNDER_LOAD -> gate::underLoad;
          case ALWAYS -> () -> true;
        };
    LongSupplier clockMillis = () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    return new RetryTokens(tokenKey, wanted, clockMillis);
  }

  private final class Dispatcher extends QuicCodecDispatcher {
    Dispatcher() {
      super(CONNECTION_ID_BYTES);
    }

    @Override
    protected void initChannel(
        Channel socket, int connectionIdBytes, QuicConnectionIdGenerator ids) {
      socket.pipeline().addLast(codec(ids));
    }
  }
}
