/**
 * A second gateway that holds every session, so that the first may die.
 *
 * <p>Packages of this module: {@code role} (the role machine, pure), {@code log} (the replication
 * log, pure), {@code register} (the term register and its arbiters) and {@code link} (the edge).
 * The pair's configuration is {@code dev.gatesvr.gateway.config.BackupConfig}. The module imports
 * {@code proto} and none of its siblings.
 */
@NullMarked
package dev.gatesvr.backup;

import org.jspecify.annotations.NullMarked;
