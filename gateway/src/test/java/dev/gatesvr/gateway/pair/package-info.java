@NullMarked
package dev.gatesvr.gateway.pair;

import org.jspecify.annotations.NullMarked;
