@NullMarked
package dev.gatesvr.client;

import org.jspecify.annotations.NullMarked;
