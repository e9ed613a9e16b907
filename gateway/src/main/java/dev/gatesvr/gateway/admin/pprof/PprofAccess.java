package dev.gatesvr.gateway.admin.pprof;

import dev.gatesvr.gateway.admin.http.Request;

/**
 * Who may profile. A profile shows class and method names and costs a pause, so only the machine
 * itself may ask, unless the operator said otherwise; what a proxy on the machine passes on does
 * not come from the machine.
 */
final class PprofAccess {
  private final boolean remoteAllowed;

  PprofAccess(boolean remoteAllowed) {
    this.remoteAllowed = remoteAllowed;
  }

  boolean allows(Request request) {
    return remoteAllowed || request.caller().local();
  }
}
