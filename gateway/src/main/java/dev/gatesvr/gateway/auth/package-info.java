/**
 * Who a player is. {@link dev.gatesvr.gateway.auth.Authenticator} is the port; the front door asks
 * it once per login, before any session is touched.
 *
 * <p>Implementations: {@link dev.gatesvr.gateway.auth.DevelopmentAuthenticator} accepts everybody,
 * {@code jwt} checks signed tokens of a login service, {@code sealed} encrypted ones that are good
 * once. {@code resume} makes and reads the tokens with which a client continues its session without
 * asking the authenticator. {@code key} holds the secrets of all three, and {@code setup} puts the
 * parts together as the configuration says.
 *
 * <p>A client that is refused reads one line that is the same whatever was wrong; the reason is
 * counted.
 */
@NullMarked
package dev.gatesvr.gateway.auth;

import org.jspecify.annotations.NullMarked;
