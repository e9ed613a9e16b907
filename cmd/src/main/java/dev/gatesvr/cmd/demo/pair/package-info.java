/**
 * The program behind {@code make demo-ha}: a pair of gateways and six upstreams, which are its
 * witnesses, as processes of their own; many players who ask and are pushed to all the time; a
 * SIGKILL, a comeback and a planned switchover; and a check that nothing was lost, came twice or
 * came out of order.
 *
 * <p>{@link dev.gatesvr.cmd.demo.pair.PairFleet} owns the processes, {@link
 * dev.gatesvr.cmd.demo.pair.ZoneCommand} is what an upstream process runs: it pushes numbers and
 * keeps a {@link dev.gatesvr.cmd.demo.pair.Ledger} of what was acknowledged and what ran. {@link
 * dev.gatesvr.cmd.demo.pair.Diary} is the other side of it, what one player saw; {@link
 * dev.gatesvr.cmd.demo.pair.Tally} compares the two. {@link dev.gatesvr.cmd.demo.pair.PairPlay} is
 * the order of events.
 */
@NullMarked
package dev.gatesvr.cmd.demo.pair;

import org.jspecify.annotations.NullMarked;
