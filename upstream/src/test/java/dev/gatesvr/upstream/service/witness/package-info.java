/** Tests of the witness: its file, its votes, its watch. */
@NullMarked
package dev.gatesvr.upstream.service.witness;

import org.jspecify.annotations.NullMarked;
