/**
 * A small HTTP/1.1 server for operators' pages: one request at a time per connection, everything
 * bounded by {@link dev.gatesvr.gateway.admin.http.HttpLimits}.
 *
 * <p>Each {@link dev.gatesvr.gateway.admin.http.HttpListener} has one event loop thread of its own
 * and never uses those of the players. A {@link dev.gatesvr.gateway.admin.http.Page} turns a {@link
 * dev.gatesvr.gateway.admin.http.Request} into a {@link dev.gatesvr.gateway.admin.http.Reply}, at
 * once or later; a large reply is made piece by piece as the client takes it.
 */
@NullMarked
package dev.gatesvr.gateway.admin.http;

import org.jspecify.annotations.NullMarked;
