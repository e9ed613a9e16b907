/**
 * The term register: who leads, in which term, and which process holds everything the leader does.
 * Pure; the arbiters that carry its messages are edges.
 *
 * <h2>The value</h2>
 *
 * {@link dev.gatesvr.backup.register.Leadership} changes in five ways, each by compare-and-set on
 * its version:
 *
 * <pre>
 *  found    {}                 → {term 1, A, {A}}        a first leader; only while nothing was written
 *  promote  {T, A, {A, B}}     → {term T+1, B, {B}}      by B, only while it is in sync
 *  solo     {T, A, {A, B}}     → {term T, A, {A}}        by A, before it acknowledges alone
 *  grow     {T, A, {A}}        → {term T, A, {A, B}}     by A, once it waits for B already
 *  refound  {T, A, {A}}        → {term T+1, C, {C}}      by C, while nobody in sync can exist any more
 * </pre>
 *
 * Promote and solo start from the same version, so that exactly one of them happens: with one
 * failure nothing acknowledged is lost, whatever the clocks say. {@code inSync} names process
 * incarnations, because a standby that restarted has an empty memory. Refound begins anew after
 * both are lost: it needs proof, a newer incarnation of each server that was in sync, and the term
 * rises, so that the clients resync and nothing is taken for what it was.
 *
 * <h2>The majority</h2>
 *
 * The register lives in the witnesses: each is an {@link dev.gatesvr.backup.register.Acceptor}, and
 * a change is one {@link dev.gatesvr.backup.register.Round} of CASPaxos (Rystsov, 2018): a majority
 * promises a ballot and says what it has, the newest of that is compared, and what follows, the
 * change or the value as it was, is accepted by a majority. A witness writes to disk before it
 * answers. The electorate is a fixed list of the configuration.
 */
@NullMarked
package dev.gatesvr.backup.register;

import org.jspecify.annotations.NullMarked;
