/**
 * The programs: flags, files and signals in, exit codes out. No logic lives here.
 *
 * <p>One package per program; {@link dev.gatesvr.cmd.Cli} is what they share.
 */
@NullMarked
package dev.gatesvr.cmd;

import org.jspecify.annotations.NullMarked;
