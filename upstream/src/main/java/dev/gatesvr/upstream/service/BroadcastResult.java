package dev.gatesvr.upstream.service;

/**
 * What became of a broadcast.
 *
 * @param sentCount players it was queued for, over all gateways
 * @param gatewaysAnswered gateways that took it
 * @param message what the others said, empty when all took it
 */
public record BroadcastResult(int sentCount, int gatewaysAnswered, String message) {}
