package dev.gatesvr.client.core;

/**
 * Who plays.
 *
 * @param openid the identity
 * @param token what proves it
 */
public record Player(String openid, String token) {}
