/**
 * JSON Web Tokens (RFC 7519, signed as RFC 7515) of a login service, by the Nimbus library.
 *
 * <p>The rules against the known attacks (RFC 8725): each key has one algorithm, HS256, RS256 or
 * ES256, and a token is only ever checked with a key of the algorithm that it names, so {@code
 * none} and a public key used as an HMAC secret never get anywhere; the signature is checked before
 * any claim is looked at; {@code exp} must be there; {@code sub} must be the OpenID that logs in.
 */
@NullMarked
package dev.gatesvr.gateway.auth.jwt;

import org.jspecify.annotations.NullMarked;
