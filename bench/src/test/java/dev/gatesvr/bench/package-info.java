/** The program against a gateway in this process. */
@NullMarked
package dev.gatesvr.bench;

import org.jspecify.annotations.NullMarked;
