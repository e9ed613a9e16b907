/**
 * Small facts that upstreams and observers keep with a session: a name, a value, and optionally how
 * long it holds. Pure: time is an argument.
 */
@NullMarked
package dev.gatesvr.gateway.attributes;

import org.jspecify.annotations.NullMarked;
