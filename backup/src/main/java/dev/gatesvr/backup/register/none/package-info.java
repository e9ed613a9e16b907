/**
 * The arbiter of a bare pair: nobody decides but the two themselves. Exactly one gateway fails
 * without harm; a partition between the two can make both lead, see docs/ha-arbiters.md.
 */
@NullMarked
package dev.gatesvr.backup.register.none;

import org.jspecify.annotations.NullMarked;
