/** Written below. */
@NullMarked
package dev.gatesvr.upstream;

import org.jspecify.annotations.NullMarked;
