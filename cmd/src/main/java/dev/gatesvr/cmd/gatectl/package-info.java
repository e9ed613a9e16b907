/**
 * The program {@code gatectl}: what an operator does to a pair. It only speaks to the operators'
 * port ({@code /backup/stats}, {@code /backup/switch}, {@code /backup/force-lead}, {@code
 * /sessions}); docs/ha.md has the runbook.
 */
@NullMarked
package dev.gatesvr.cmd.gatectl;

import org.jspecify.annotations.NullMarked;
