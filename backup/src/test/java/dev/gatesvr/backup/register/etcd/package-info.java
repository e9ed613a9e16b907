/** Tests against a real etcd. */
@NullMarked
package dev.gatesvr.backup.register.etcd;

import org.jspecify.annotations.NullMarked;
