package dev.gatesvr.backup.register.witness;

/**
 * One witness, for people.
 *
 * @param address as configured
 * @param connected it answered within the heartbeat timeout
 * @param version of the value that it accepted last, as far as it said so
 */
public record WitnessStatus(String address, boolean connected, long version) {}
