/** Peers that the tests are written against: an upstream and a gateway on bare stubs. */
@NullMarked
package dev.gatesvr.upstream.support;

import org.jspecify.annotations.NullMarked;
