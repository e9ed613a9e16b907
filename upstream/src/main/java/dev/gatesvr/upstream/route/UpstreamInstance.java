package dev.gatesvr.upstream.route;

/**
 * One registered instance of a zone's service.
 *
 * @param zone whose players it serves
 * @param address where it listens; unique among all registered instances
 * @param serviceName what it calls itself, may be empty
 * @param incarnation the random number of its process, as unsigned; 0 when it declares none. Not 0
 *     promises that a repeated request does not run twice there
 * @param generation counts registrations of the whole registry from 1; a re-registration has a
 *     higher one than what it replaces
 */
public record UpstreamInstance(
    ZoneId zone, InstanceAddress address, String serviceName, long incarnation, long generation) {

  /** True when a request that may have arrived may be sent again. */
  public boolean keepsResults() {
    return incarnation != 0;
  }

  /** For logs and refusals, such as {@code 003 demo@127.0.0.1:9003#7}. */
  @Override
  public String toString() {
    return zone + " " + serviceName + "@" + address + "#" + generation;
  }
}
