package dev.gatesvr.upstream.route;

/**
 * What a choice may look at besides the instances.
 *
 * @param zone the zone of the request
 * @param openid whose request it is
 * @param sessionId its session
 */
public record RequestFacts(ZoneId zone, String openid, String sessionId) {}
