@NullMarked
package dev.gatesvr.gateway.auth.resume;

import org.jspecify.annotations.NullMarked;
