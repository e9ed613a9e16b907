/** A gateway, players and zones for tests: all real, all on loopback, all on free ports. */
@NullMarked
package dev.gatesvr.gateway.support;

import org.jspecify.annotations.NullMarked;
