/**
 * The program {@code client}: a player on the command line. {@link
 * dev.gatesvr.cmd.client.ClientMain} reads flags and environment and runs one of four modes: {@link
 * dev.gatesvr.cmd.client.InteractiveMode}, {@link dev.gatesvr.cmd.client.TestMode}, {@link
 * dev.gatesvr.cmd.client.PerformanceMode} and the health check. Everything about the protocol is in
 * the SDK, {@link dev.gatesvr.client}.
 */
@NullMarked
package dev.gatesvr.cmd.client;

import org.jspecify.annotations.NullMarked;
