/**
 * {@code bench}: the gateway against bare Netty, in parts that run by themselves.
 *
 * <p>Each server is a process of its own, pinned to one core; the load and the zone behind both
 * sides share the other. Rounds are interleaved A B B A, so that both see the same weather of a
 * shared machine. The figure is the server's CPU time per answer from the kernel's accounting; a
 * ratio is the median over rounds, its spread the smallest and largest round, and a spread that
 * crosses 1.0 claims nothing. A run of the baseline against a second process of itself shows the
 * smallest difference that can be seen.
 */
@NullMarked
package dev.gatesvr.bench.ratio;

import org.jspecify.annotations.NullMarked;
