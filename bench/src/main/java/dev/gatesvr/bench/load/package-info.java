/**
 * A load generator over real QUIC.
 *
 * <p>A {@link dev.gatesvr.bench.load.Fleet} connects players once; each {@link
 * dev.gatesvr.bench.load.LoadPlan} is then one run on them. Every loop drives its own players with
 * a {@link dev.gatesvr.bench.load.Lane}, without locks. In the open loop request {@code j} of
 * player {@code p} is planned for {@code start + (j * players + p) * interval} whatever happened
 * before, and its latency counts from that moment: a server that stalls is charged for every
 * request that should have been sent meanwhile. In the closed loop a player sends when it was
 * answered; its throughput is a maximum and its latency is not comparable.
 */
@NullMarked
package dev.gatesvr.bench.load;

import org.jspecify.annotations.NullMarked;
