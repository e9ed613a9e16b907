package dev.gatesvr.transport.quic;

/** When a listener makes a client prove its address with a Retry (RFC 9000 section 8.1). */
public enum AddressValidation {
  /** Never; a handshake costs what it costs. */
  NEVER,
  /** While more handshakes are unfinished than the configuration allows. */
  UNDER_LOAD,
  /** Always; one round trip more for every connection. */
  ALWAYS
}
