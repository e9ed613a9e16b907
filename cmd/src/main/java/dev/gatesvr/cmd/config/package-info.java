/**
 * From text to the records of {@code dev.gatesvr.gateway.config}: defaults &lt; file &lt;
 * environment &lt; flags.
 *
 * <p>There is one list of keys, the record components themselves, which {@link
 * dev.gatesvr.cmd.config.ConfigSchema} reads by reflection. Every source turns into {@link
 * dev.gatesvr.cmd.config.Setting settings} (key, text, origin), later ones replace earlier ones,
 * and {@link dev.gatesvr.cmd.config.RecordBuilder} calls the constructors. A mistake anywhere is
 * one {@link dev.gatesvr.gateway.config.ConfigException} whose message is one line: origin, key,
 * value, what was expected, the nearest valid key.
 */
@NullMarked
package dev.gatesvr.cmd.config;

import org.jspecify.annotations.NullMarked;
