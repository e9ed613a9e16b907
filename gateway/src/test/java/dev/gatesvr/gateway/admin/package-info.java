@NullMarked
package dev.gatesvr.gateway.admin;

import org.jspecify.annotations.NullMarked;
