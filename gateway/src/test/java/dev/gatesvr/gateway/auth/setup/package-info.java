@NullMarked
package dev.gatesvr.gateway.auth.setup;

import org.jspecify.annotations.NullMarked;
