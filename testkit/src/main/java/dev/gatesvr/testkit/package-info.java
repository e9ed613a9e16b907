/**
 * What several modules' tests need: bad networks, without a product class in sight. Test scope
 * only.
 *
 * <p>{@link dev.gatesvr.testkit.UdpRelay} stands between a UDP client and a server, loses, delays,
 * and changes the client's address.
 */
@NullMarked
package dev.gatesvr.testkit;

import org.jspecify.annotations.NullMarked;
