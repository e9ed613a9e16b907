package dev.gatesvr.gateway.auth.jwt;

import java.time.Duration;

/**
 * What the claims of a token must keep.
 *
 * @param issuer what {@code iss} must be; empty asks for nothing
 * @param audience what {@code aud} must contain; empty asks for nothing
 * @param clockSkew how far the issuer's clock may be from this one
 */
public record JwtRules(String issuer, String audience, Duration clockSkew) {}
