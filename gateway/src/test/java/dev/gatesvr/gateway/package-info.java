@NullMarked
package dev.gatesvr.gateway;

import org.jspecify.annotations.NullMarked;
