/**
 * The gateway: everything put together, and nothing that could live lower.
 *
 * <p>{@link dev.gatesvr.gateway.Gateway} composes it. A player's message enters through {@code
 * front}, lives in a session on a {@code shard}, passes {@code overload} and goes to its zone; an
 * upstream's push enters through {@code push}, and waits in {@code offline} for a player without a
 * session. {@code attributes} are what upstreams keep with a session, {@code lifecycle} tells
 * observers of it. {@code admin} and {@code metrics} show it all, {@code config} is what an
 * operator can set.
 */
@NullMarked
package dev.gatesvr.gateway;

import org.jspecify.annotations.NullMarked;
