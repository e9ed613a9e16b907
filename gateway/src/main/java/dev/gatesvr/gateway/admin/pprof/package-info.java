/**
 * {@code /debug/pprof/}: what the process is doing, for whoever may know. {@link
 * dev.gatesvr.gateway.admin.pprof.PprofAccess} says who that is. Whatever takes time runs on the
 * one thread {@code admin-worker-0}.
 */
@NullMarked
package dev.gatesvr.gateway.admin.pprof;

import org.jspecify.annotations.NullMarked;
