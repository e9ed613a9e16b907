package dev.gatesvr.client.core;

/**
 * Who plays.
 *
 * @param openid the identity
 * @param credential what proves it
 */
public record Player(String openid, Credential credential) {}
