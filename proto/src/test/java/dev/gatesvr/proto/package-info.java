/** What the wire specification says is what the code says. */
@NullMarked
package dev.gatesvr.proto;

import org.jspecify.annotations.NullMarked;
