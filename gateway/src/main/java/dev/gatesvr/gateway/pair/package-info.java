/**
 * One gateway as a member of its pair: carries out what the role machine decides.
 *
 * <pre>
 *   arbiter ---- answers, evidence ---+                    +--&gt; shards: hold, await, release, adopt
 *   link ------- beats, batches ------+--&gt; role machine ---+--&gt; link: dial, batches, hand-over
 *   upstreams -- fenced --------------+   (backup.role)    +--&gt; arbiter: read, change
 *   operator --- switch, force -------+                    +--&gt; lead: who serves, in which term
 * </pre>
 *
 * Everything here runs on one loop of its own, {@code pair}; shards are reached by tasks on their
 * loops, and answer with tasks on this one. {@link dev.gatesvr.gateway.pair.PairLead} is what every
 * other thread reads: whether this gateway serves, its term, and where players should go.
 */
@NullMarked
package dev.gatesvr.gateway.pair;

import org.jspecify.annotations.NullMarked;
