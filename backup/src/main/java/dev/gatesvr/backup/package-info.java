/** Written below. */
@NullMarked
package dev.gatesvr.backup;

import org.jspecify.annotations.NullMarked;
