/** Tests of the event loops. */
@NullMarked
package dev.gatesvr.transport.loop;

import org.jspecify.annotations.NullMarked;
