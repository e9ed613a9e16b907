@NullMarked
package dev.gatesvr.cmd.demo;

import org.jspecify.annotations.NullMarked;
