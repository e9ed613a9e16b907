/**
 * The arbiter whose register lives in witnesses (the upstream SDK's {@code service.witness}).
 *
 * <p>{@link dev.gatesvr.backup.register.witness.WitnessArbiter} keeps one connection to each of a
 * fixed list of witnesses. On it run the votes ({@link dev.gatesvr.backup.register.Round}, one
 * change at a time) and one stream of beats, on which the witness says what it sees of the other
 * gateway. Everything is confined to one event loop, {@code backup-arbiter}, which is not one of
 * the gateway's: a full data plane must not delay the finding that a peer is dead.
 *
 * <h2>Latency</h2>
 *
 * A change costs two phases, each with a write to the witnesses' disks. A standby that may be
 * promoted collects its promises beforehand ({@code Standing}), so that its promotion costs one.
 * That is a Round like any other that takes long between its phases: if anything happened
 * meanwhile, the witnesses refuse the old ballot and the change begins anew.
 *
 * <h2>What is seen</h2>
 *
 * A witness counts as heard while its last answer to a beat is younger than the heartbeat timeout.
 * One that never saw a process since this gateway listens to it, for as long as the timeout, counts
 * as saying that it is silent. A value counts as the register's once a majority of witnesses said
 * that they accepted it in the same attempt.
 */
@NullMarked
package dev.gatesvr.backup.register.witness;

import org.jspecify.annotations.NullMarked;
