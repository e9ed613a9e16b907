/** Tests against real witnesses on loopback. */
@NullMarked
package dev.gatesvr.backup.register.witness;

import org.jspecify.annotations.NullMarked;
