/**
 * Who a player is. {@link dev.gatesvr.gateway.auth.Authenticator} is the port; the front door asks
 * it once per START, before any session is touched.
 */
@NullMarked
package dev.gatesvr.gateway.auth;

import org.jspecify.annotations.NullMarked;
