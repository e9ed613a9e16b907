@NullMarked
package dev.gatesvr.cmd.gatectl;

import org.jspecify.annotations.NullMarked;
