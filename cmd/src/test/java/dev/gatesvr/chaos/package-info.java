/**
 * The pair as processes: gateways, upstreams with witnesses, and players, under faults made with
 * real signals and by relays that cut, swallow, delay and slow down; then the books are compared.
 *
 * <pre>
 *   this JVM                                          processes of their own
 *   players (client SDK) --- UDP relay per gateway --- gateway A, gateway B  (GatewayChild)
 *   scenario, verdict        TCP relay per link    --- between A and B, to each witness
 *                            TCP relay per gateway --- zones 001 to 006, three witnesses (ZoneChild)
 * </pre>
 *
 * <p>{@link dev.gatesvr.chaos.Scenario} lists the faults, {@link dev.gatesvr.chaos.World} owns
 * everything that runs, {@link dev.gatesvr.chaos.Round} makes one fault and heals it, {@link
 * dev.gatesvr.chaos.Verdict} compares what zones sent and ran with what players got. A seed decides
 * the plan of a round; threads and the machine decide when exactly.
 *
 * <p>{@code make chaos} runs all of it; docs/proof.md says what it showed.
 */
@NullMarked
package dev.gatesvr.chaos;

import org.jspecify.annotations.NullMarked;
