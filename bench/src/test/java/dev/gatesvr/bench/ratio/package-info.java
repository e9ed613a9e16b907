/** Arithmetic and accounts, without servers. */
@NullMarked
package dev.gatesvr.bench.ratio;

import org.jspecify.annotations.NullMarked;
