/**
 * The arbiter whose register is one key in etcd.
 *
 * <p>The value is a serialized {@code LeadershipValue}. A change reads the key, compares the value,
 * and writes in a transaction on the key's revision, so that nothing can have come between. When
 * the answer to a transaction is lost, the next attempt finds the wanted value, and takes it for
 * its own: every change names its author. etcd sees nothing of the other gateway's process, so
 * there is no evidence from here.
 */
@NullMarked
package dev.gatesvr.backup.register.etcd;

import org.jspecify.annotations.NullMarked;
