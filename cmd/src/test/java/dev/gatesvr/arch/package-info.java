/**
 * The house rules of DESIGN.md as tests. {@code bad} holds classes that break them on purpose, so
 * that the rules are seen to bite.
 */
@NullMarked
package dev.gatesvr.arch;

import org.jspecify.annotations.NullMarked;
