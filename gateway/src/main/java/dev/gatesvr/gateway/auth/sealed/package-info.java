/**
 * Login tokens that a login service seals and this gateway opens, each good for one login.
 *
 * <p>The two share a secret key ({@code auth.sealed}). A token is base64url text without padding of
 * an {@link dev.gatesvr.gateway.auth.key.Envelope} for the purpose {@code gatesvr-login} that holds
 *
 * <pre>
 *   expiry, Unix ms i64 big-endian | nonce, 16 random bytes | openid, UTF-8
 * </pre>
 *
 * {@link dev.gatesvr.gateway.auth.sealed.SealedTokenMint} makes them. {@link
 * dev.gatesvr.gateway.auth.sealed.NonceCache} remembers the nonce of every token that was used
 * until the token has expired. It is the memory of one process: after a restart a token that has
 * not expired could be used once more.
 */
@NullMarked
package dev.gatesvr.gateway.auth.sealed;

import org.jspecify.annotations.NullMarked;
