/** Tests of the frame codec. */
@NullMarked
package dev.gatesvr.transport.frame;

import org.jspecify.annotations.NullMarked;
