@NullMarked
package dev.gatesvr.gateway.auth.sealed;

import org.jspecify.annotations.NullMarked;
