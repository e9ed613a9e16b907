/**
 * The program {@code upstream}: one zone's demonstration service, written on the SDK of {@code
 * dev.gatesvr.upstream.service} as any author would write one.
 */
@NullMarked
package dev.gatesvr.cmd.upstream;

import org.jspecify.annotations.NullMarked;
