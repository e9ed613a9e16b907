/**
 * Counters and service times of the gateway, and their two outlets: Prometheus and {@code
 * /performance}. The Prometheus library appears only here.
 */
@NullMarked
package dev.gatesvr.gateway.metrics;

import org.jspecify.annotations.NullMarked;
