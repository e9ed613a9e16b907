package dev.gatesvr.upstream.grpc;

/**
 * What a gateway tells upstreams of itself and its pair.
 *
 * @param pair the pair's name, empty for a gateway without one
 * @param term the highest term it knows, 0 for none
 * @param standby whether it does not lead: it takes registrations, and no pushes
 * @param primary how people call the one that leads, empty when nobody is known to
 */
public record PairFacts(String pair, long term, boolean standby, String primary) {
  /** Of a gateway without a pair. */
  public static final PairFacts NONE = new PairFacts("", 0, false, "");
}
