/**
 * The program {@code gatesvr}: configuration in, one running gateway, a signal, an exit code.
 *
 * <p>Exit codes: 0 after SIGTERM or SIGINT once everything is stopped, 1 when stopping failed or
 * took longer than it may, 2 for a mistake in flags, environment, file, certificate or addresses.
 */
@NullMarked
package dev.gatesvr.cmd.gatesvr;

import org.jspecify.annotations.NullMarked;
