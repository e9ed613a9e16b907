@NullMarked
package dev.gatesvr.gateway.shard;

import org.jspecify.annotations.NullMarked;
