@NullMarked
package dev.gatesvr.client.core;

import org.jspecify.annotations.NullMarked;
