/**
 * What tests share: seeds that can be replayed, and networks that misbehave on command. Test scope
 * only; nothing of the product depends on it.
 *
 * <p>{@link dev.gatesvr.testkit.UdpRelay} stands between a UDP client and a server, loses, delays,
 * and changes the client's address.
 */
@NullMarked
package dev.gatesvr.testkit;

import org.jspecify.annotations.NullMarked;
