@NullMarked
package dev.gatesvr.gateway.auth.key;

import org.jspecify.annotations.NullMarked;
