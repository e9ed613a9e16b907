@NullMarked
package dev.gatesvr.gateway.admin.pprof;

import org.jspecify.annotations.NullMarked;
