package dev.gatesvr.arch.bad.session;

/** Breaks: cores know no threads. */
final class StartsAThread {
  Thread start(Runnable work) {
    return Thread.ofVirtual().start(work);
  }
}
