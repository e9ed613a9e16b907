/**
 * The role machine of a gateway in a pair: who serves, who stands by, and when that changes. Pure:
 * {@link dev.gatesvr.backup.role.RoleMachine} takes {@link dev.gatesvr.backup.role.RoleInput}s and
 * returns {@link dev.gatesvr.backup.role.RoleEffect}s; time is an argument.
 *
 * <pre>
 *             register read                 own change made
 *  STARTING ────────────────▶ FOLLOWING ──▶ PROMOTING ──▶ PRIMARY ◀──▶ HANDING_OVER
 *                              ▲     ▲          │            │              │
 *                              │     └──────────┘            ▼              │
 *                              │      not made            DEPOSED ◀─────────┘
 *                              └─────────────────────────────┘
 *                                    everything discarded
 *
 *  PRIMARY:   ALONE ──▶ JOINING ──▶ GROWING ──▶ PAIRED ◀──▶ STALLED
 *               ▲          │           │          │            │
 *               ├──────────┴───────────┘          ▼            │
 *               └───────────────────────────── SHRINKING ◀─────┘
 * </pre>
 *
 * Every arrow, and every one there is not, stands in {@code RoleStates}.
 *
 * <h2>When a standby takes the lead</h2>
 *
 * Only while it is in {@code inSync} of the newest leadership it knows and holds every log whole,
 * and then only by a compare-and-set, which fails when the primary left it out first. So these
 * rules decide how soon, never what is lost:
 *
 * <ul>
 *   <li>the primary handed over, or a newer process of the primary's server was heard: at once;
 *   <li>with witnesses: the link was reset or a dial refused, and most witnesses lost the primary
 *       too: at once; nothing was heard for the heartbeat timeout, and most witnesses hear nothing
 *       either;
 *   <li>with etcd or no arbiter: a dial was refused after the link ended: at once; nothing was
 *       heard for the heartbeat timeout.
 * </ul>
 *
 * When an input comes more than one heartbeat interval after the machine wanted its tick, this
 * process was paused, and what it did not hear in that time means nothing: it waits anew.
 *
 * <h2>When a primary goes on alone</h2>
 *
 * When the follower is away for longer than the sync timeout, or keeps outputs waiting for longer,
 * or is dead according to the witnesses. Outputs are released only after the register names the
 * primary alone. While the register is silent they wait, until the follower is back. A follower
 * that comes back before that, on a new link, is resumed and stays in sync. A strict primary never
 * goes on alone: it waits for the follower, and serves nothing while the register names it alone.
 *
 * <h2>Changes with an unknown outcome</h2>
 *
 * A read comes before any other change. It may not be enough: a change that was lost on the way may
 * still arrive. So the machine writes the register once more, with the same content if need be,
 * before it relies on the change not having happened.
 *
 * <h2>When nobody holds the sessions</h2>
 *
 * A process that restarted holds nothing. When every process of {@code inSync} is known to be
 * replaced by a newer one of its server, the gateway with {@code mode: primary} takes the lead with
 * empty hands ("refound"); the operator's {@link dev.gatesvr.backup.role.RoleInput.ForceLead} does
 * the same anywhere, unless the leader is heard on a link.
 *
 * <h2>Without an arbiter</h2>
 *
 * The link is the only witness. A partition makes two leaders, of different terms; a primary
 * without a follower therefore dials the other, and the higher term stands. Of equal terms, which
 * two restarts in a partition can make, the leader with the lower name stands.
 *
 * <h2>Bounds</h2>
 *
 * One question to the register at a time; a fixed backoff while it is silent; a deadline on every
 * hand-over; sixteen remembered processes.
 */
@NullMarked
package dev.gatesvr.backup.role;

import org.jspecify.annotations.NullMarked;
