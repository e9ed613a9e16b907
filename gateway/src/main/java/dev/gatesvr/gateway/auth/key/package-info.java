/**
 * Secret keys with names, and what is sealed under them.
 *
 * <p>A {@link dev.gatesvr.gateway.auth.key.KeyRing} holds keys newest first: the newest seals, each
 * opens. Who seals or opens asks a {@code Supplier<KeyRing>} every time, so that a rotation takes
 * effect at once and everywhere: the supplier is a fixed ring, a {@link
 * dev.gatesvr.gateway.auth.key.WatchedFile} that an operator edits, or {@link
 * dev.gatesvr.gateway.auth.key.DrawnKeys} that rotate by themselves. {@link
 * dev.gatesvr.gateway.auth.key.Envelope} is the one AEAD format, for resume tokens and for sealed
 * login tokens.
 *
 * <p>No class here prints key material; a mistake in a key is described without it.
 */
@NullMarked
package dev.gatesvr.gateway.auth.key;

import org.jspecify.annotations.NullMarked;
