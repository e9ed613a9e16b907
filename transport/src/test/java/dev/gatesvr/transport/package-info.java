/** What the transport tests share. */
@NullMarked
package dev.gatesvr.transport;

import org.jspecify.annotations.NullMarked;
