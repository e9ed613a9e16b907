@NullMarked
package dev.gatesvr.session;

import org.jspecify.annotations.NullMarked;
