@NullMarked
package dev.gatesvr.gateway.auth.jwt;

import org.jspecify.annotations.NullMarked;
