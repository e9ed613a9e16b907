package dev.gatesvr.gateway.replica;

/**
 * Something that leaves once an entry is secured.
 *
 * @param lsn the entry
 * @param sinceNanos when it began to wait
 * @param leave lets it go
 * @param abandon what is done instead when this process no longer leads
 */
record Waiting(long lsn, long sinceNanos, Runnable leave, Runnable abandon) {}
