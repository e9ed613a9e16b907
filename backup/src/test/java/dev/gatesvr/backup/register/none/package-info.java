/** Tests of the arbiter of a bare pair. */
@NullMarked
package dev.gatesvr.backup.register.none;

import org.jspecify.annotations.NullMarked;
