@NullMarked
package dev.gatesvr.gateway.front;

import org.jspecify.annotations.NullMarked;
