/** Written below. */
@NullMarked
package dev.gatesvr.bench;

import org.jspecify.annotations.NullMarked;
