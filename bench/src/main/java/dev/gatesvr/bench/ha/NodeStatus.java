package dev.gatesvr.bench.ha;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a gateway says of itself.
 *
 * @param role {@code primary}, {@code standby} and so on
 * @param partner how far the primary's partner is
 * @param live sessions that it serves
 * @param copies sessions that it holds for the other
 * @param lagEntries of the log that the standby has not acknowledged
 * @param why for people: what changed last, and the register
 */
record NodeStatus(
    String role, String partner, long term, long live, long copies, long lagEntries, String why) {
  static NodeStatus of(JsonNode page) {
    long lag = 0;
    for (JsonNode log : page.path("replication").path("logs")) {
      lag += log.path("last_lsn").asLong() - log.path("acked_lsn").asLong();
    }
    return new NodeStatus(
        page.path("role").asText(),
        page.path("partner").asText(),
        page.path("register").path("term").asLong(),
        page.path("sessions").path("live").asLong(),
        page.path("sessions").path("standby").asLong(),
        lag,
        page.path("history").path("last_change_reason").asText()
            + "; register: "
            + page.path("register")
            + "; arbiter: "
            + page.path("arbiter"));
  }

  boolean primary() {
    return role.equals("primary");
  }

  boolean standby() {
    return role.equals("standby");
  }

  /** The primary of a pair of which both hold everything. */
  boolean whole() {
    return primary() && partner.equals("paired");
  }
}
