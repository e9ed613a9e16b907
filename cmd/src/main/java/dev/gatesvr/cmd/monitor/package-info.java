/**
 * The program {@code monitor}: a live view of one gateway in a terminal, from what its operators'
 * port says.
 */
@NullMarked
package dev.gatesvr.cmd.monitor;

import org.jspecify.annotations.NullMarked;
