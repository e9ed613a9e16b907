@NullMarked
package dev.gatesvr.gateway.metrics;

import org.jspecify.annotations.NullMarked;
