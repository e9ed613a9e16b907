package dev.gatesvr.client.core;

import dev.gatesvr.proto.StartResponse;
import java.util.List;

/**
 * Where the gateways of a pair say that players connect, reduced to what can be dialled like a
 * {@link Departure}.
 *
 * @param gateways all of them, the primary first; empty when the gateway has no partner
 * @param standbys those that are not the primary
 */
record PairAddresses(List<ServerAddress> gateways, List<ServerAddress> standbys) {
  static final PairAddresses NONE = new PairAddresses(List.of(), List.of());

  /** What an answer to START names. */
  static PairAddresses of(StartResponse response) {
    List<String> named = response.getGatewaysList();
    if (named.isEmpty()) {
      return NONE;
    }
    // The first is the primary whether or not it can be dialled from here.
    return new PairAddresses(
        Departure.usable(named), Departure.usable(named.subList(1, named.size())));
  }

  /** The primary that a refusal names: one address, or none. */
  static List<ServerAddress> primaryOf(StartResponse refusal) {
    return Departure.usable(refusal.getGatewaysList().stream().limit(1).toList());
  }

  /** True when there is a second gateway, whether or not its address is of use here. */
  static boolean named(StartResponse response) {
    return response.getGatewaysCount() > 1;
  }
}
