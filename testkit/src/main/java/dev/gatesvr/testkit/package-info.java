/** Written below. */
@NullMarked
package dev.gatesvr.testkit;

import org.jspecify.annotations.NullMarked;
