package dev.gatesvr.client.core;

import dev.gatesvr.proto.CloseCode;
import dev.gatesvr.proto.ServerPush;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The model gateway's end of one connection. */
final class ModelPeer {
  private final Consumer<ServerPush> sink;
  private final Consumer<CloseCode> closer;
  private final BooleanSupplier current;

  /** STARTs that arrived on it. */
  int starts;

  /** Number of the resume token that was given out on it, 0 when none was. */
  int issued;

  /**
   * @param closer ends it behind what was sent; CONNECTION_LOST loses that too
   * @param current whether the client has not given it up
   */
  ModelPeer(Consumer<ServerPush> sink, Consumer<CloseCode> closer, BooleanSupplier current) {
    this.sink = sink;
    this.closer = closer;
    this.current = current;
  }

  boolean current() {
    return current.getAsBoolean();
  }

  void close(CloseCode code) {
    closer.accept(code);
  }

  void send(ServerPush push) {
    sink.accept(push);
  }
}
