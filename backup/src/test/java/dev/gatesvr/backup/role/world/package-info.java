/**
 * A pair in one thread: two role machines, a register of three witnesses (the real {@link
 * dev.gatesvr.backup.register.Round} and {@link dev.gatesvr.backup.register.Acceptor}) or an etcd
 * whose requests may arrive long after they were given up, links that break, and a replication of
 * numbers. {@code Truth} checks the invariants after every event.
 */
@NullMarked
package dev.gatesvr.backup.role.world;

import org.jspecify.annotations.NullMarked;
