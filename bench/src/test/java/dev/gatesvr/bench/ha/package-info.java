/** Arithmetic and accounts, without servers. */
@NullMarked
package dev.gatesvr.bench.ha;

import org.jspecify.annotations.NullMarked;
