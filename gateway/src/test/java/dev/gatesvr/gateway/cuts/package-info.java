/**
 * Many real players whose connections are cut at random moments, and books that show what became of
 * every message.
 */
@NullMarked
package dev.gatesvr.gateway.cuts;

import org.jspecify.annotations.NullMarked;
