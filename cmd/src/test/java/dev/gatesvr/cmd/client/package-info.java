@NullMarked
package dev.gatesvr.cmd.client;

import org.jspecify.annotations.NullMarked;
