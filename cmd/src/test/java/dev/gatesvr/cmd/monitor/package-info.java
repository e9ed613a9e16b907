@NullMarked
package dev.gatesvr.cmd.monitor;

import org.jspecify.annotations.NullMarked;
