@NullMarked
package dev.gatesvr.gateway.admin.http;

import org.jspecify.annotations.NullMarked;
