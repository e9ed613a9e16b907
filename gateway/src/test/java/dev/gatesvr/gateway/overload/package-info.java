@NullMarked
package dev.gatesvr.gateway.overload;

import org.jspecify.annotations.NullMarked;
