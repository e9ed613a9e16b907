@NullMarked
package dev.gatesvr.gateway.attributes;

import org.jspecify.annotations.NullMarked;
