/** Tests of {@link dev.gatesvr.cmd.demo.pair}. */
@org.jspecify.annotations.NullMarked
package dev.gatesvr.cmd.demo.pair;
