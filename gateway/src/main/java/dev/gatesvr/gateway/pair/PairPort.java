package dev.gatesvr.gateway.pair;

import dev.gatesvr.proto.LogEntry;
import java.util.List;

/** What the pair asks of the rest of its gateway. Called on the pair's loop. */
public interface PairPort extends TokenKeys {
  /**
   * This gateway leads in a term: every upstream records it before it is called again.
   *
   * @param leader this process
   */
  void leads(String pair, long term, String leader);

  /** Sessions that are made from now on have higher numbers than this. */
  void numbersFrom(long number);

  /** Every session is here: players that wait may come. */
  void serves();

  /** Requests that upstreams have not answered. */
  int requestsUnderWay();

  /** Witnesses that this gateway hears, 0 without any. */
  int witnessesConnected();

  /** The upstreams that are registered here, as entries of the first log. */
  List<LogEntry> registrations();

  /** Sessions that this gateway serves. */
  int sessions();
}
