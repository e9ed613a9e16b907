/**
 * What an operator can set, as immutable records that hold only valid values.
 *
 * <p>A record's component is its YAML key in camel case ({@code quic_addr} is {@code quicAddr}), so
 * that reading, the environment rule, printing and the documented table all come from one list.
 * Each component carries its one description in {@link dev.gatesvr.gateway.config.Describe}. {@code
 * cmd} reads YAML, environment and flags into these; nothing below parses text.
 */
@NullMarked
package dev.gatesvr.gateway.config;

import org.jspecify.annotations.NullMarked;
