/**
 * From an upstream's push to the sessions it is for, with an honest answer: a push that nobody will
 * get is an error.
 */
@NullMarked
package dev.gatesvr.gateway.push;

import org.jspecify.annotations.NullMarked;
