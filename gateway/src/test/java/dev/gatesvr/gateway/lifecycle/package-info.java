@NullMarked
package dev.gatesvr.gateway.lifecycle;

import org.jspecify.annotations.NullMarked;
