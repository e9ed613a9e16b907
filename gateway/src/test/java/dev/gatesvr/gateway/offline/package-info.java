@NullMarked
package dev.gatesvr.gateway.offline;

import org.jspecify.annotations.NullMarked;
