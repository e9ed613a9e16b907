/** Tests of the role machine: its arrows, its rules, and a simulated pair. */
@NullMarked
package dev.gatesvr.backup.role;

import org.jspecify.annotations.NullMarked;
