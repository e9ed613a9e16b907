/**
 * The term register: who leads, in which term, and which process holds everything the leader does.
 * Pure; the arbiters that carry its messages are edges.
 *
 * <h2>The value</h2>
 *
 * {@link dev.gatesvr.backup.register.Leadership} changes in four ways, each by compare-and-set on
 * its version:
 *
 * <pre>
 *  found    {}                 → {term 1, A, {A}}        a first leader; only while nothing was written
 *  promote  {T, A, {A, B}}     → {term T+1, B, {B}}      by B, only while it is in sync
 *  solo     {T, A, {A, B}}     → {term T, A, {A}}        by A, before it acknowledges alone
 *  grow     {T, A, {A}}        → {term T, A, {A, B}}     by A, once it waits for B already
 * </pre>
 *
 * Promote and solo start from the same version, so that exactly one of them happens: with one
 * failure nothing acknowledged is lost, whatever the clocks say. {@code inSync} names process
 * incarnations, because a standby that restarted has an empty memory.
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
