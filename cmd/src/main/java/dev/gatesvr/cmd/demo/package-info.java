/**
 * The program behind {@code make demo}: a gateway and six upstreams as processes of their own, six
 * players over real QUIC, and a check of everything they get.
 *
 * <p>{@link dev.gatesvr.cmd.demo.DemoFleet} owns the processes, {@link
 * dev.gatesvr.cmd.demo.DemoScenario} asks and checks, {@link dev.gatesvr.cmd.demo.DemoReport}
 * prints.
 */
@NullMarked
package dev.gatesvr.cmd.demo;

import org.jspecify.annotations.NullMarked;
