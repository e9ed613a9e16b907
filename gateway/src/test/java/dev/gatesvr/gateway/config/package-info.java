@NullMarked
package dev.gatesvr.gateway.config;

import org.jspecify.annotations.NullMarked;
