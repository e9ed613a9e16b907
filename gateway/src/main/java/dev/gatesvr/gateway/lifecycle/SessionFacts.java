package dev.gatesvr.gateway.lifecycle;

import java.util.Map;

/**
 * One session at the moment of a callback. Immutable; may be kept.
 *
 * @param zone "001" to "006"
 * @param remoteAddress of the connection that the callback is about, empty when there is none
 * @param transport such as {@code quic}, empty when there is no connection
 * @param attributes those that hold now, immutable
 * @param writer changes them
 */
public record SessionFacts(
    String sessionId,
    String openid,
    String zone,
    String remoteAddress,
    String transport,
    Map<String, String> attributes,
    AttributeWriter writer) {}
