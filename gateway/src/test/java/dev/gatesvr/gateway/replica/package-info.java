/** Tests of what leaves a gateway of a pair, and when. */
@NullMarked
package dev.gatesvr.gateway.replica;

import org.jspecify.annotations.NullMarked;
