/**
 * What simulations of pure cores run on: {@link dev.gatesvr.testkit.sim.VirtualTime}, a clock and
 * an event queue; {@link dev.gatesvr.testkit.sim.ByteLink}, a connection of bytes that can break
 * between any two of them; {@link dev.gatesvr.testkit.sim.Mutant}, a class with one line changed,
 * to see whether a simulation would notice. Everything happens in one thread and follows from one
 * seed.
 */
@NullMarked
package dev.gatesvr.testkit.sim;

import org.jspecify.annotations.NullMarked;
