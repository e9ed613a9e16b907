package dev.gatesvr.transport;

/**
 * Counts what a transport does. Called on event loops for every frame: implementations are
 * thread-safe and do not block or allocate.
 */
public interface TransportObserver {
  /** A frame arrived: its whole length with header, and what parsing it took. */
  void frameReceived(int bytes, long parseNanos);

  /** A frame was written: its whole length with header, and what encoding it took. */
  void frameSent(int bytes, long encodeNanos);

  /** Ignores everything. */
  TransportObserver NONE =
      new TransportObserver() {
        @Override
        public void frameReceived(int bytes, long parseNanos) {}

        @Override
        public void frameSent(int bytes, long encodeNanos) {}
      };
}
