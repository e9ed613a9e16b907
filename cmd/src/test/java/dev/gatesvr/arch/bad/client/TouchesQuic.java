package dev.gatesvr.arch.bad.client;

import io.netty.handler.codec.quic.QuicChannel;
import org.bouncycastle.asn1.x500.X500Name;

/** Breaks: a library outside its home, and printing in a library. */
record TouchesQuic(QuicChannel channel, X500Name name) {
  void print() {
    System.out.println(name);
  }
}
