/**
 * What tests share: seeds that can be replayed, and networks that misbehave on command. Test scope
 * only; nothing of the product depends on it.
 */
@NullMarked
package dev.gatesvr.testkit;

import org.jspecify.annotations.NullMarked;
