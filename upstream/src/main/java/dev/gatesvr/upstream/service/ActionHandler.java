package dev.gatesvr.upstream.service;

/** Answers the requests of one action. Called on virtual threads, so it may block. */
@FunctionalInterface
public interface ActionHandler {
  /**
   * Answers one request.
   *
   * @throws Exception becomes a reply with code 500 and its message
   */
  Reply handle(RequestContext request) throws Exception;
}
