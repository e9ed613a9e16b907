/**
 * A second gateway that holds every session, so that the first may die: not built yet.
 *
 * <p>Today this module has no code. Only the pair's configuration exists: {@code
 * dev.gatesvr.gateway.config.BackupConfig} reads and checks it, and refuses {@code backup.enabled:
 * true}, because a gateway that only claims a standby loses players. A gateway that dies takes its
 * sessions with it.
 *
 * <p>The pair comes with issue 4, in packages of this module: {@code role} (the role machine,
 * pure), {@code log} (the replication log, pure), {@code register} (the term register and its
 * arbiters) and {@code link} (the edge). The module imports {@code proto} and none of its siblings.
 */
@NullMarked
package dev.gatesvr.backup;

import org.jspecify.annotations.NullMarked;
