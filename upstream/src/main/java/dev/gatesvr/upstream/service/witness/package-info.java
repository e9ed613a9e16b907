/**
 * One witness of the term register: a vote per pair of gateways, kept on disk, and a look at who of
 * them is there. Any upstream service can be one beside its work ({@code
 * UpstreamServiceBuilder.witness}); a tie-breaker runs alone ({@code WitnessServer}).
 *
 * <h2>The vote</h2>
 *
 * For each pair the witness holds the highest attempt that it promised to take part in, and the
 * value that it accepted last, with that attempt ({@link
 * dev.gatesvr.upstream.service.witness.Vote}, the acceptor of CASPaxos). The gateways do the rest.
 * An answer leaves only after what it says is on disk: temporary file, fsync, rename, fsync of the
 * directory. One thread does that, {@code witness-disk}; requests that came meanwhile share the
 * next write. A write that failed ends the voting until the process is started again, for nobody
 * knows then what the disk holds.
 *
 * <h2>The memory</h2>
 *
 * A witness that forgot its vote could help two leaders into one term. So a start without the file
 * {@code witness.state} fails unless it is said to be the first ({@code create}), a first start
 * where the file exists fails too (or a flag left in a unit file would hide a lost disk), and so do
 * a damaged file and a directory that another process uses. How a witness that lost its disk is
 * replaced stands in docs/ha-arbiters.md.
 *
 * <h2>The watch</h2>
 *
 * A gateway keeps one stream open and beats on it. When a stream ends, comes back, or is silent for
 * as long as the watcher named, the other gateways of the pair are told at once, and so are
 * accepted values. The witness's own pause is not held against the gateways: what its clock fired
 * late is added to their time. Thread: {@code witness-watch}.
 */
@NullMarked
package dev.gatesvr.upstream.service.witness;

import org.jspecify.annotations.NullMarked;
