/**
 * What programs share that ask a gateway's operators' port: {@link
 * dev.gatesvr.cmd.operator.AdminPort} over HTTP, and what may be written to a terminal.
 */
@NullMarked
package dev.gatesvr.cmd.operator;

import org.jspecify.annotations.NullMarked;
